"""Lines of stdin to a topic, or a topic to stdout, with kafka-python.

write ADDRESS TOPIC | read ADDRESS TOPIC COUNT | group ADDRESS TOPIC COUNT GROUP | admin ADDRESS TOPIC
admin-groups ADDRESS TOPIC COUNT GROUP
"""
import sys
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import KafkaError, NoBrokersAvailable


def patiently(call, *args, **settings):
    """This library tells its users of what passes, such as a broker that restarts; they try again."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return call(*args, **settings)
        except KafkaError as e:
            if not (e.retriable or isinstance(e, NoBrokersAvailable)) or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def eventually(look):
    """Any broker may be asked, and each learns of a change in its own time."""
    deadline = time.monotonic() + 30
    while not look():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def write(address, topic):
    producer = patiently(KafkaProducer, bootstrap_servers=address, acks="all")
    sent = [producer.send(topic, line.rstrip(b"\n"), partition=0) for line in sys.stdin.buffer]
    producer.flush(60)
    for future in sent:
        future.get(timeout=10)
    producer.close()


def read(address, topic, count):
    consumer = patiently(KafkaConsumer, bootstrap_servers=address, consumer_timeout_ms=20000)
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    consumer.seek_to_beginning(partition)
    for record in consumer:
        sys.stdout.buffer.write(record.value + b"\n")
        count -= 1
        if count == 0:
            break
    consumer.close()
    sys.exit(1 if count else 0)


def read_as_member(address, topic, count, group):
    consumer = patiently(
        KafkaConsumer,
        topic,
        bootstrap_servers=address,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        consumer_timeout_ms=60000,
    )
    for record in consumer:
        sys.stdout.buffer.write(record.value + b"\n")
        count -= 1
        if count == 0:
            consumer.commit()
            break
    consumer.close()
    sys.exit(1 if count else 0)


def administer(address, topic):
    admin = patiently(KafkaAdminClient, bootstrap_servers=address)
    own = topic + "-admin"
    admin.create_topics([NewTopic(own, num_partitions=2, replication_factor=1)])
    eventually(lambda: own in admin.list_topics())
    admin.create_partitions({own: NewPartitions(total_count=3)})
    assert len(admin.describe_topics([own])[0]["partitions"]) == 3
    resource = ConfigResource(ConfigResourceType.TOPIC, own, configs={"retention.ms": "7200000"})
    admin.alter_configs([resource])
    # Another broker may be asked, which learns of the change a moment later.
    deadline = time.monotonic() + 30
    configs = {}
    while configs.get("retention.ms") != "7200000":
        assert time.monotonic() < deadline, configs
        described = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, own)])
        configs = {entry[0]: entry[1] for entry in described[0].resources[0][4]}
    admin.delete_topics([own])
    eventually(lambda: own not in admin.list_topics())
    admin.close()


def administer_groups(address, topic, count, group):
    admin = patiently(KafkaAdminClient, bootstrap_servers=address)
    listed = lambda: group in [each[0] for each in patiently(admin.list_consumer_groups)]
    eventually(listed)
    assert patiently(admin.describe_consumer_groups, [group])[0].state == "Empty"
    offsets = patiently(admin.list_consumer_group_offsets, group)
    assert offsets[TopicPartition(topic, 0)].offset == count, offsets
    assert patiently(admin.delete_consumer_groups, [group])[0][1].errno == 0
    eventually(lambda: not listed())
    admin.close()


command, address, topic = sys.argv[1:4]
if command == "write":
    write(address, topic)
elif command == "read":
    read(address, topic, int(sys.argv[4]))
elif command == "group":
    read_as_member(address, topic, int(sys.argv[4]), sys.argv[5])
elif command == "admin":
    administer(address, topic)
else:
    administer_groups(address, topic, int(sys.argv[4]), sys.argv[5])
