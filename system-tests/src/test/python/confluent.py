"""Lines of stdin to a topic, or a topic to stdout, with confluent-kafka.

write ADDRESS TOPIC | read ADDRESS TOPIC COUNT
"""
import sys
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition


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


if sys.argv[1] == "write":
    write(sys.argv[2], sys.argv[3])
else:
    read(sys.argv[2], sys.argv[3], int(sys.argv[4]))
