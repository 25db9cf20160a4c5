package io.mlog.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestCodecTest {
    @Test
    void unknownTypeIsRefusedWithTheId() {
        RequestCodec.Refused refused = refused("{\"id\":7,\"type\":\"Prodcue\"}");

        assertThat(refused.id()).hasValue(7);
        assertThat(refused.error().code()).isEqualTo(ErrorCode.UNKNOWN_TYPE);
        assertThat(refused.error().message()).contains("'Prodcue'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"topic\":5|field 'topic' must be a string, not an integer",
                "\"topic\":null|field 'topic' must be a string, not null",
                "\"acks\":\"2\"|field 'acks' must be an integer, not a string",
                "\"acks\":1.5|field 'acks' must be an integer, not a decimal number",
                "\"partition\":-1|field 'partition' is -1, not 0 to 2147483647",
                "\"partition\":3000000000|field 'partition' is 3000000000, not 0 to 2147483647",
                "\"partition\":99999999999999999999|field 'partition': ",
                "\"timeoutMs\":true|field 'timeoutMs' must be an integer, not a boolean",
                "\"value\":\"!!\"|field 'value': ",
                "\"value\":[1]|field 'value' must be a base64 string or null, not an array",
                "\"headers\":{}|field 'headers' must be an array, not an object",
                "\"headers\":[{\"key\":\"a\"},{\"key\":3}]|field 'headers[1].key' must be a string",
                "\"headers\":[{}]|field 'key' is missing",
                "\"producerId\":1|field 'producerEpoch' is missing",
                "\"value\":\"aGk=\",\"text\":\"hi\"|'value' and 'text' are given both",
                "\"topic\":\"t\"|field 'value' (base64) or 'text' is missing",
            })
    void aFieldThatIsWrongIsRefusedByNameAndTheIdEchoed(String fields, String message) {
        RequestCodec.Refused refused = refused("{\"id\":8,\"type\":\"Produce\"," + fields + "}");

        assertThat(refused.id()).hasValue(8);
        assertThat(refused.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refused.error().message()).contains(message);
    }

    @Test
    void theIdIsEchoedEvenWhenItComesLast() {
        RequestCodec.Refused refused =
                refused("{\"topic\":5,\"type\":\"DeleteTopic\",\"id\":-9223372036854775808}");

        assertThat(refused.id()).hasValue(Long.MIN_VALUE);
        assertThat(refused.error().message()).contains("'topic'");
    }

    @Test
    void acksOtherThan012AreRefusedWithTheirOwnCode() {
        assertThat(
                        refused("{\"id\":1,\"type\":\"Produce\",\"topic\":\"t\",\"acks\":3}")
                                .error()
                                .code())
                .isEqualTo(ErrorCode.INVALID_REQUIRED_ACKS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|one JSON object",
                "7|one JSON object",
                "{}|'type' is missing",
                "{\"id\":1}|'type' is missing",
                "{\"type\":\"ListTopics\"}|'id' is missing",
                "{\"id\":\"a\",\"type\":\"ListTopics\"}|field 'id' must be an integer",
                "{\"id\":1,\"type\":\"ListTopics\"}{|something follows",
                "{\"id\":1,\"type\":\"ListTopics\"}x|Unrecognized token",
                "{\"id\":1,\"type\" \"ListTopics\"}|colon",
            })
    void whatIsNotARequestIsRefused(String payload, String message) {
        RequestCodec.Refused refused = refused(payload);

        assertThat(refused.error().code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refused.error().message()).contains(message);
    }

    @Test
    void everyPrefixOfARequestIsRefused() {
        byte[] whole =
                "{\"id\":3,\"type\":\"ProduceBatch\",\"topic\":\"t\",\"records\":[{\"key\":\"a2V5\",\"text\":\"ü\"}]}"
                        .getBytes(UTF_8);
        for (int length = 0; length < whole.length; length++) {
            assertThat(RequestCodec.decode(whole, 0, length))
                    .as("first %d bytes", length)
                    .isInstanceOf(RequestCodec.Refused.class);
        }
        assertThat(RequestCodec.decode(whole)).isInstanceOf(RequestCodec.Accepted.class);
    }

    @Test
    void randomDamageIsRefusedOrRead() {
        byte[] whole =
                "{\"id\":3,\"type\":\"FetchBatch\",\"topic\":\"t\",\"offset\":5,\"maxCount\":3}"
                        .getBytes(UTF_8);
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = whole.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            assertThat(RequestCodec.decode(damaged)).isNotNull();
        }
    }

    @Test
    void deepNestingIsRefusedWithoutAStackOverflow() {
        String deep = "[".repeat(1000) + "]".repeat(1000);

        assertThat(refused("{\"id\":1,\"x\":" + deep + ",\"type\":\"ListTopics\"}").error().code())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void aSliceOfAnArrayIsReadWithinItsBounds() {
        byte[] padded = "}{{\"id\":1,\"type\":\"ListTopics\"}]]".getBytes(UTF_8);

        assertThat(RequestCodec.decode(padded, 2, padded.length - 4))
                .isEqualTo(new RequestCodec.Accepted(1, new ListTopics.Request()));
    }

    @Test
    void largeBatchOfArbitraryBytesSurvivesTheRoundTrip() throws IOException {
        Random random = new Random(7);
        List<NewRecord> records = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            byte[] value = new byte[random.nextInt(300)];
            random.nextBytes(value);
            records.add(
                    i % 3 == 0
                            ? NewRecord.of(Bytes.of(value))
                            : new NewRecord(
                                    i % 3 == 1 ? null : Bytes.utf8("k" + i),
                                    i % 5 == 0 ? null : Bytes.of(value),
                                    List.of(new RecordHeader("ü\"\u0000", Bytes.EMPTY))));
        }
        ProduceBatch.Request request =
                new ProduceBatch.Request(
                        "t",
                        records,
                        OptionalInt.of(3),
                        Acks.ALL,
                        Optional.of("lz4"),
                        1234,
                        Optional.of(new ProducerStamp(5, (short) 6, 7)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RequestCodec.encode(99, request, out);

        assertThat(RequestCodec.decode(out.toByteArray()))
                .isEqualTo(new RequestCodec.Accepted(99, request));
    }

    @Test
    void aValueOfManyMebibytesIsRead() throws IOException {
        byte[] value = new byte[40 << 20];
        new Random(1).nextBytes(value);
        FetchBatch.Response response =
                new FetchBatch.Response(
                        List.of(new FetchedRecord(0, 1, null, Bytes.of(value), List.of())),
                        1,
                        1,
                        0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ResponseCodec.encode(OptionalLong.of(1), response, out);

        assertThat(ResponseCodec.decode(out.toByteArray()).response()).isEqualTo(response);
    }

    private static RequestCodec.Refused refused(String payload) {
        RequestCodec.Decoded decoded = RequestCodec.decode(payload.getBytes(UTF_8));
        assertThat(decoded).isInstanceOf(RequestCodec.Refused.class);
        return (RequestCodec.Refused) decoded;
    }
}
