// @platformatic/kafka for the client matrix: COMMAND ADDRESSES TOPIC GROUP [COUNT]
// write-*: lines of stdin to partition 0 | group-*: COUNT records as a member to stdout | admin
import assert from "node:assert";
import fs from "node:fs";

// Node.js 22 has it; the library needs nothing else that Node.js 20 lacks.
Promise.withResolvers ??= () => {
  let resolve, reject;
  const promise = new Promise((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
};
const { Admin, Consumer, Producer, stringDeserializers, stringSerializers } = await import("@platformatic/kafka");

const [command, addresses, topic, group, count] = process.argv.slice(2);
const common = { clientId: "platformatic", bootstrapBrokers: addresses.split(",") };

async function write(settings) {
  const values = fs.readFileSync(0, "utf8").split("\n").filter((line) => line);
  const producer = new Producer({ ...common, serializers: stringSerializers, ...settings });
  for (let i = 0; i < values.length; i += 100) {
    await producer.send({ messages: values.slice(i, i + 100).map((value) => ({ topic, partition: 0, value })), acks: -1 });
  }
  await producer.close();
}

async function readAsMember(groupProtocol) {
  const consumer = new Consumer({ ...common, groupId: group, groupProtocol, deserializers: stringDeserializers });
  const stream = await consumer.consume({ topics: [topic], mode: "earliest", autocommit: false, maxWaitTime: 500 });
  let left = Number(count);
  for await (const message of stream) {
    process.stdout.write(message.value + "\n");
    if (--left === 0) {
      await message.commit();
      break;
    }
  }
  await stream.close();
  await consumer.close(true);
}

// Any broker may be asked, and each learns of a change in its own time.
async function listed(admin, name, expected) {
  const deadline = Date.now() + 30000;
  while ((await admin.listTopics()).includes(name) !== expected) {
    assert(Date.now() < deadline, `${name} is listed: ${!expected}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function administer() {
  const admin = new Admin(common);
  const own = topic + "-admin";
  await admin.createTopics({ topics: [own], partitions: 2, replicas: 1 });
  await listed(admin, own, true);
  await admin.createPartitions({ topics: [{ name: own, count: 3 }] });
  const metadata = await admin.metadata({ topics: [own], forceUpdate: true });
  assert.strictEqual(metadata.topics.get(own).partitions.length, 3);
  await admin.deleteTopics({ topics: [own] });
  await listed(admin, own, false);
  await admin.close();
}

const commands = {
  write: () => write({}),
  "write-idempotent": () => write({ idempotent: true }),
  "write-zstd": () => write({ compression: "zstd" }),
  "write-gzip": () => write({ compression: "gzip" }),
  "group-classic": () => readAsMember("classic"),
  "group-consumer": () => readAsMember("consumer"),
  admin: administer,
};
await commands[command]();
