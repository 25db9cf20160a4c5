package io.mlog.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlog.model.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds docs/protocol.md against the code. */
class ProtocolPageTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @MethodSource("examples")
    void exampleIsReadAndWrittenAgainAsTheSameJson(String example) throws IOException {
        JsonNode expected = withTextsAsBase64(MAPPER.readTree(example));
        byte[] payload = example.getBytes(UTF_8);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        if (isResponse(example)) {
            ResponseCodec.Decoded decoded = ResponseCodec.decode(payload);
            ResponseCodec.encode(decoded.id(), decoded.response(), written);
        } else {
            assertThat(RequestCodec.decode(payload)).isInstanceOf(RequestCodec.Accepted.class);
            RequestCodec.Accepted decoded = (RequestCodec.Accepted) RequestCodec.decode(payload);
            RequestCodec.encode(decoded.id(), decoded.request(), written);
        }
        assertThat(MAPPER.readTree(written.toByteArray())).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void exampleMeansTheSameWithItsFieldsInAnotherOrderAndStrangersAmongThem(String example)
            throws IOException {
        ObjectNode turned = MAPPER.createObjectNode();
        turned.putObject("stranger").putArray("id").add(99);
        ObjectNode original = (ObjectNode) MAPPER.readTree(example);
        for (String name : original.propertyStream().map(e -> e.getKey()).toList().reversed()) {
            turned.set(name, original.get(name));
        }
        byte[] payload = MAPPER.writeValueAsBytes(turned);
        if (isResponse(example)) {
            assertThat(ResponseCodec.decode(payload))
                    .isEqualTo(ResponseCodec.decode(example.getBytes(UTF_8)));
        } else {
            assertThat(RequestCodec.decode(payload))
                    .isEqualTo(RequestCodec.decode(example.getBytes(UTF_8)));
        }
    }

    @Test
    void everyMessageTypeHasAnExample() throws IOException {
        TreeSet<String> shown = new TreeSet<>();
        for (String example : examples().toList()) {
            shown.add(MAPPER.readTree(example).get("type").asText());
        }
        List<String> wanted = new ArrayList<>();
        for (Class<?> request : RpcRequest.class.getPermittedSubclasses()) {
            wanted.add(request.getEnclosingClass().getSimpleName());
        }
        for (Class<?> response : RpcResponse.class.getPermittedSubclasses()) {
            wanted.add(
                    response == ErrorResponse.class
                            ? "Error"
                            : response.getEnclosingClass().getSimpleName() + "Response");
        }
        assertThat(shown).containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void theTableOfCodesIsTheCode() throws IOException {
        List<String> rows =
                Files.readAllLines(page()).stream()
                        .filter(line -> line.matches("\\| [A-Z_]+ \\| .*"))
                        .map(line -> line.replaceAll("^(\\| [A-Z_]+ \\|[^|]*\\|[^|]*\\|).*", "$1"))
                        .toList();
        List<String> wanted =
                Arrays.stream(ErrorCode.values())
                        .filter(code -> code != ErrorCode.NONE)
                        .map(code ->
                                "| %s | %d | %s |"
                                        .formatted(
                                                code,
                                                code.kafkaCode(),
                                                code.retriable() ? "yes" : "no"))
                        .toList();
        assertThat(rows).containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void theLimitsOnThePageAreThoseOfTheCode() throws IOException {
        assertThat(Files.readString(page()))
                .contains(Json.MAX_DEPTH + " levels of nesting")
                .contains((Json.MAX_STRING_CHARS >> 20) + " Mi characters in one string")
                .contains((Frame.DEFAULT_MAX_BYTES >> 20) + " MiB")
                .contains("more than " + FetchBatch.MAX_COUNT + " counts as that")
                .contains("default " + FetchBatch.DEFAULT_MAX_BYTES)
                .contains(FetchBatch.MAX_BYTES + " counts as that")
                .contains("default " + Produce.DEFAULT_TIMEOUT_MS)
                .contains("0 to " + Range.MAX_WAIT_MS);
    }

    static Stream<String> examples() throws IOException {
        boolean inside = false;
        List<String> examples = new ArrayList<>();
        for (String line : Files.readAllLines(page())) {
            if (line.startsWith("```")) {
                inside = line.equals("```json");
            } else if (inside) {
                examples.add(line);
            }
        }
        return examples.stream();
    }

    private static Path page() {
        return Path.of(System.getProperty("mlog.root"), "docs", "protocol.md");
    }

    private static boolean isResponse(String example) throws IOException {
        String type = MAPPER.readTree(example).get("type").asText();
        return type.equals("Error") || type.endsWith("Response");
    }

    /** Where a request may have text it is written as base64. */
    private static JsonNode withTextsAsBase64(JsonNode message) {
        if (message instanceof ObjectNode object) {
            ObjectNode result = MAPPER.createObjectNode();
            object.propertyStream()
                    .forEach(field -> {
                        switch (field.getKey()) {
                            case "text" -> result.put("value", base64(field.getValue().asText()));
                            case "texts" -> result.set("values", base64s(field.getValue()));
                            default ->
                                    result.set(field.getKey(), withTextsAsBase64(field.getValue()));
                        }
                    });
            return result;
        }
        if (message instanceof ArrayNode array) {
            return MAPPER.createArrayNode()
                    .addAll(
                            array.valueStream()
                                    .map(ProtocolPageTest::withTextsAsBase64)
                                    .collect(Collectors.toList()));
        }
        return message;
    }

    private static ArrayNode base64s(JsonNode texts) {
        ArrayNode array = MAPPER.createArrayNode();
        texts.forEach(text -> array.add(base64(text.asText())));
        return array;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @Test
    void anErrorWithoutIdIsReadAsOne() {
        String error = "{\"id\":null,\"type\":\"Error\",\"code\":\"NEW_CODE\",\"message\":\"m\"}";
        assertThat(ResponseCodec.decode(error.getBytes(UTF_8)))
                .isEqualTo(
                        new ResponseCodec.Decoded(
                                OptionalLong.empty(),
                                ErrorResponse.of(ErrorCode.UNKNOWN_SERVER_ERROR, "NEW_CODE: m")));
    }
}
