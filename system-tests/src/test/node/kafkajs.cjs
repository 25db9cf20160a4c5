// kafkajs for the client matrix: COMMAND ADDRESSES TOPIC GROUP [COUNT]
// write-*: lines of stdin to partition 0 | group: COUNT records as a member to stdout | admin
const assert = require("node:assert");
const fs = require("node:fs");
const { Kafka, CompressionTypes, logLevel } = require("kafkajs");

const [command, addresses, topic, group, count] = process.argv.slice(2);
const kafka = new Kafka({ clientId: "kafkajs", brokers: addresses.split(","), logLevel: logLevel.ERROR });

async function write(settings, compression) {
  const values = fs.readFileSync(0, "utf8").split("\n").filter((line) => line);
  const producer = kafka.producer(settings);
  await producer.connect();
  for (let i = 0; i < values.length; i += 100) {
    const messages = values.slice(i, i + 100).map((value) => ({ value, partition: 0 }));
    await producer.send({ topic, messages, compression, acks: -1 });
  }
  await producer.disconnect();
}

async function readAsMember() {
  const consumer = kafka.consumer({ groupId: group });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let left = Number(count);
  await new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, (event) => reject(event.payload.error));
    consumer.run({
      eachMessage: async ({ message }) => {
        process.stdout.write(message.value.toString() + "\n");
        if (--left === 0) resolve();
      },
    });
  });
  await consumer.disconnect(); // Commits what was processed.
}

async function eventually(expected, look) {
  const deadline = Date.now() + 60000;
  let seen = await look();
  while (seen !== expected && Date.now() < deadline) {
    await new Promise((wake) => setTimeout(wake, 50));
    seen = await look();
  }
  assert.strictEqual(seen, expected);
}

async function administer() {
  const admin = kafka.admin();
  await admin.connect();
  const own = topic + "-admin";
  await admin.createTopics({ topics: [{ topic: own, numPartitions: 2 }] });
  // Any broker may be asked, and each learns of a change in its own time.
  const hasOwn = async () => (await admin.listTopics()).includes(own);
  await eventually(true, hasOwn);
  await admin.createPartitions({ topicPartitions: [{ topic: own, count: 3 }] });
  const { topics } = await admin.fetchTopicMetadata({ topics: [own] });
  assert.strictEqual(topics[0].partitions.length, 3);
  const resource = { type: 2, name: own };
  await admin.alterConfigs({ resources: [{ ...resource, configEntries: [{ name: "retention.ms", value: "7200000" }] }] });
  await eventually("7200000", async () => {
    const { resources } = await admin.describeConfigs({ resources: [{ ...resource, configNames: ["retention.ms"] }] });
    return resources[0].configEntries[0].configValue;
  });
  assert.deepStrictEqual(
    (await admin.fetchTopicOffsets(topic)).map(({ partition, offset, low }) => [partition, offset, low]),
    [[0, count, "0"]],
  );
  await admin.deleteTopics({ topics: [own] });
  await eventually(false, hasOwn);
  assert((await admin.describeCluster()).brokers.length > 0);
  await admin.disconnect();
}

async function administerGroups() {
  const admin = kafka.admin();
  await admin.connect();
  await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: "40" }] });
  const [{ partitions }] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  assert.strictEqual(partitions[0].offset, "40");
  const listed = async () => (await admin.listGroups()).groups.some(({ groupId }) => groupId === group);
  await eventually(true, listed);
  // Offsets are set by a member, whose goodbye may be lost with the coordinator that restarts.
  await eventually("Empty", async () => (await admin.describeGroups([group])).groups[0].state);
  await admin.deleteGroups([group]);
  await eventually(false, listed);
  await admin.disconnect();
}

const commands = {
  write: () => write({}),
  "write-idempotent": () => write({ idempotent: true, maxInFlightRequests: 1 }),
  "write-gzip": () => write({}, CompressionTypes.GZIP),
  group: readAsMember,
  admin: administer,
  "admin-groups": administerGroups,
};
commands[command]().catch((e) => {
  console.error(e);
  process.exit(1);
});
