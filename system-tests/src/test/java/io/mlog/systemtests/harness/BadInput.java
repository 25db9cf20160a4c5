package io.mlog.systemtests.harness;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Bytes that no client should send, and the good ones they are cut from. */
public final class BadInput {
    private BadInput() {}

    /**
     * A Kafka request header of version 1 (key, version, correlation id 8, client id) and a body.
     */
    public static byte[] kafkaRequest(int apiKey, int version, byte[] body) {
        byte[] clientId = "bad-input".getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(10 + clientId.length + body.length)
                .putShort((short) apiKey)
                .putShort((short) version)
                .putInt(8)
                .putShort((short) clientId.length)
                .put(clientId)
                .put(body)
                .array();
    }

    /** ApiVersions version 0, which every broker answers. */
    public static byte[] apiVersions() {
        return kafkaRequest(18, 0, new byte[0]);
    }

    /** Metadata version 1 of all topics. */
    public static byte[] allMetadata() {
        return kafkaRequest(3, 1, ByteBuffer.allocate(4).putInt(-1).array());
    }

    /** Metadata version 1 of so many topics whose names are empty. */
    public static byte[] metadataOfEmptyNames(int count) {
        return kafkaRequest(3, 1, ByteBuffer.allocate(4 + 2 * count).putInt(count).array());
    }

    /** Produce version 3 to so many topics that are all named "b" and have no partitions. */
    public static byte[] kafkaProduceOfTopics(int count) {
        ByteBuffer body = ByteBuffer.allocate(12 + 7 * count);
        body.putShort((short) -1).putShort((short) 1).putInt(1_000).putInt(count);
        for (int i = 0; i < count; i++) {
            body.putShort((short) 1).put((byte) 'b').putInt(0);
        }
        return kafkaRequest(0, 3, body.array());
    }

    /** A JSON Produce. */
    public static byte[] jsonProduce() {
        return ("{\"id\":1,\"type\":\"Produce\",\"topic\":\"prefixes\",\"acks\":2,\"text\":\"größe\","
                        + "\"headers\":[{\"key\":\"h\",\"value\":\"AAE=\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The beginning of a TLS 1.3 handshake: a ClientHello of 512 bytes. */
    public static byte[] tlsHello(RandomGenerator random) {
        byte[] hello = new byte[517];
        random.nextBytes(hello);
        System.arraycopy(
                new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3}, 0, hello, 0, 11);
        return hello;
    }

    /**
     * One of all the kinds, chosen by {@code random}: whole, broken and cut frames, other
     * languages.
     */
    public static byte[] any(RandomGenerator random) {
        return switch (random.nextInt(10)) {
            case 0 -> randomBytes(random, random.nextInt(1, 4_000));
            case 1 -> ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).array();
            case 2 -> ByteBuffer.allocate(4_004).putInt(90 << 20).put(4, (byte) '{').array();
            case 3 -> tlsHello(random);
            case 4 -> RawConnection.frame(kafkaRequest(random.nextInt(256), 99, new byte[40]));
            case 5 ->
                    RawConnection.frame(
                            kafkaRequest(random.nextInt(4), 7, randomBytes(random, 300)));
            case 6 ->
                    "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            case 7 -> RawConnection.frame(flipped(jsonProduce(), random));
            case 8 -> RawConnection.frame(kafkaProduceOfTopics(random.nextInt(20_000)));
            default -> cut(RawConnection.frame(jsonProduce()), random);
        };
    }

    private static byte[] randomBytes(RandomGenerator random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] flipped(byte[] good, RandomGenerator random) {
        good[random.nextInt(1, good.length)] ^= (byte) (1 << random.nextInt(8));
        return good;
    }

    private static byte[] cut(byte[] good, RandomGenerator random) {
        return prefix(good, random.nextInt(good.length));
    }

    /** The first bytes of something good. */
    public static byte[] prefix(byte[] good, int length) {
        return Arrays.copyOf(good, length);
    }
}
