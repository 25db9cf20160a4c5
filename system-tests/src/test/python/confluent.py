"""Lines of stdin to a topic, or a topic to stdout, with confluent-kafka.

write ADDRESS TOPIC | read ADDRESS TOPIC COUNT | group ADDRESS TOPIC COUNT GROUP | admin ADDRESS TOPIC
"""
import sys
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic


def write(address, topic):
    failures = []
    producer = Producer({"bootstrap.servers": address, "enable.idempotence": True})
    for line in sys.stdin.buffer:
        value = line.rstrip(b"\n")
        while True:
            try:
                producer.produce(
                    topic, value, partition=0, on_delivery=lambda e, _: failures.append(e) if e else None
                )
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
    left = producer.flush(60)
    if left or failures:
        sys.exit(f"{left} records were not delivered; failures: {failures[:3]}")


def read(address, topic, count):
    # Assigned, not subscribed: the group is only a setting that the library insists on.
    consumer = Consumer({"bootstrap.servers": address, "group.id": "none", "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
    deadline = time.monotonic() + 60
    while count and time.monotonic() < deadline:
        record = consumer.poll(1)
        if record is None:
            continue
        if record.error():
            sys.exit(f"{record.error()}")
        sys.stdout.buffer.write((record.value() or b"") + b"\n")
        count -= 1
    consumer.close()
    sys.exit(1 if count else 0)


def read_as_member(address, topic, count, group):
    consumer = Consumer(
        {"bootstrap.servers": address, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False}
    )
    consumer.subscribe([topic])
    deadline = time.monotonic() + 60
    while count and time.monotonic() < deadline:
        record = consumer.poll(1)
        if record is None:
            continue
        if record.error():
            sys.exit(f"{record.error()}")
        sys.stdout.buffer.write((record.value() or b"") + b"\n")
        count -= 1
    consumer.commit(asynchronous=False)
    consumer.close()
    sys.exit(1 if count else 0)


def administer(address, topic):
    admin = AdminClient({"bootstrap.servers": address})
    own = topic + "-admin"

    def done(futures):
        return [future.result(30) for future in futures.values()]

    done(admin.create_topics([NewTopic(own, num_partitions=2, replication_factor=1)]))
    done(admin.create_partitions([NewPartitions(own, 3)]))
    assert len(admin.list_topics(own, timeout=30).topics[own].partitions) == 3
    resource = ConfigResource(ConfigResource.Type.TOPIC, own, set_config={"retention.ms": "7200000"})
    done(admin.alter_configs([resource]))
    # Another broker may be asked, which learns of the change a moment later.
    deadline = time.monotonic() + 30
    retention = None
    while retention != "7200000":
        assert time.monotonic() < deadline, retention
        retention = done(admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, own)]))[0]["retention.ms"].value
    done(admin.delete_topics([own]))
    deadline = time.monotonic() + 30
    while own in admin.list_topics(timeout=30).topics:  # whichever broker is asked
        assert time.monotonic() < deadline
        time.sleep(0.05)


command, address, topic = sys.argv[1:4]
if command == "write":
    write(address, topic)
elif command == "read":
    read(address, topic, int(sys.argv[4]))
elif command == "group":
    read_as_member(address, topic, int(sys.argv[4]), sys.argv[5])
else:
    administer(address, topic)
