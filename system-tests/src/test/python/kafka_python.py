"""Lines of stdin to a topic, or a topic to stdout, with kafka-python.

write ADDRESS TOPIC | read ADDRESS TOPIC COUNT
"""
import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition


def write(address, topic):
    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    sent = [producer.send(topic, line.rstrip(b"\n"), partition=0) for line in sys.stdin.buffer]
    producer.flush(60)
    for future in sent:
        future.get(timeout=10)
    producer.close()


def read(address, topic, count):
    consumer = KafkaConsumer(bootstrap_servers=address, consumer_timeout_ms=20000)
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


if sys.argv[1] == "write":
    write(sys.argv[2], sys.argv[3])
else:
    read(sys.argv[2], sys.argv[3], int(sys.argv[4]))
