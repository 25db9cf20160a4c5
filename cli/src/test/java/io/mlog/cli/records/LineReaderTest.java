package io.mlog.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.protocol.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LineReaderTest {
    @Test
    void lineEndsArePartOfNoLineAndTheLastOneMayBeMissing() throws IOException {
        assertThat(lines("one\n\ntwo\r\n three")).containsExactly("one", "", "two\r", " three");
        assertThat(lines("one\n")).containsExactly("one");
        assertThat(lines("\n")).containsExactly("");
        assertThat(lines("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void linesOfAnyLengthSurviveReadsOfAnySize(long seed) throws IOException {
        Random random = new Random(seed);
        List<String> written = new ArrayList<>();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < 500; i++) {
            int length = i % 50 == 0 ? random.nextInt(600_000) : random.nextInt(300);
            String line = Character.toString('a' + i % 26).repeat(length);
            written.add(line);
            text.write(line.getBytes(UTF_8));
            text.write('\n');
        }
        LineReader reader = new LineReader(dripping(text.toByteArray(), random), 1 << 20);
        List<Bytes> slices = new ArrayList<>();
        for (Optional<Bytes> line = reader.next(); line.isPresent(); line = reader.next()) {
            slices.add(line.get());
        }

        // Read only now, so that a block that was written again would show.
        assertThat(slices.stream().map(Bytes::utf8)).isEqualTo(written);
        assertThat(reader.lines()).isEqualTo(500);
    }

    @Test
    void lineBeyondTheBoundIsRefusedWithItsNumber() throws IOException {
        LineReader reader = new LineReader(stream("ok\n" + "x".repeat(1_000_000)), 300_000);
        assertThat(reader.next()).isPresent();
        assertThatThrownBy(reader::next).hasMessage("line 2 is longer than 300000 bytes");
    }

    @Test
    void keyEndsAtTheFirstSeparator() {
        assertThat(KeyedLine.split(Bytes.utf8("k::v::w"), "::".getBytes(UTF_8)).orElseThrow())
                .satisfies(record -> {
                    assertThat(record.key()).isEqualTo(Bytes.utf8("k"));
                    assertThat(record.value()).isEqualTo(Bytes.utf8("v::w"));
                });
        assertThat(KeyedLine.split(Bytes.utf8("::"), "::".getBytes(UTF_8)).orElseThrow())
                .satisfies(record -> {
                    assertThat(record.key()).isEqualTo(Bytes.EMPTY);
                    assertThat(record.value()).isEqualTo(Bytes.EMPTY);
                });
        assertThat(KeyedLine.split(Bytes.utf8("none:"), "::".getBytes(UTF_8))).isEmpty();
        Bytes inner = Bytes.of("a:bc:d".getBytes(UTF_8), 2, 2);
        assertThat(KeyedLine.split(inner, ":".getBytes(UTF_8))).isEmpty();
    }

    private static List<String> lines(String text) throws IOException {
        LineReader reader = new LineReader(stream(text), 1000);
        List<String> lines = new ArrayList<>();
        for (Optional<Bytes> line = reader.next(); line.isPresent(); line = reader.next()) {
            lines.add(line.get().utf8());
        }
        assertThat(reader.next()).isEmpty();
        return lines;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    /** Gives out the bytes in pieces of random size. */
    private static InputStream dripping(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1 + random.nextInt(100_000)));
            }
        };
    }
}
