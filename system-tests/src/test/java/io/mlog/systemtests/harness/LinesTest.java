package io.mlog.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinesTest {
    @TempDir Path folder;

    @Test
    void sameSeedGivesTheSameBytes() throws Exception {
        Path one = Lines.write(folder.resolve("one"), 2_000, 7);
        Path same = Lines.write(folder.resolve("same"), 2_000, 7);
        Path other = Lines.write(folder.resolve("other"), 2_000, 8);
        assertThat(Files.mismatch(one, same)).isEqualTo(-1);
        assertThat(Files.mismatch(one, other)).isNotEqualTo(-1);
    }

    @Test
    void holdsEmptyLongAndForeignLines() throws Exception {
        List<String> lines = Files.readAllLines(Lines.write(folder.resolve("text"), 2_000, 7));
        assertThat(lines).hasSize(2_000).contains("");
        assertThat(lines).anyMatch(line -> line.length() > 1_000);
        assertThat(lines).anyMatch(line -> line.contains("日本語"));
    }

    @Test
    void nonEmptyTextHasNoEmptyLine() throws Exception {
        assertThat(Files.readAllLines(Lines.writeNonEmpty(folder.resolve("text"), 2_000, 7)))
                .hasSize(2_000)
                .doesNotContain("");
    }
}
