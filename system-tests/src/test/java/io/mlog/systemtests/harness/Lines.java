package io.mlog.systemtests.harness;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A text of numbered lines as real ones are: short and long, some with characters beyond ASCII,
 * some empty. The same count and seed give the same bytes.
 */
public final class Lines {
    private static final String[] WORDS = {
        "append", "offset", "größe", "log", "epoch", "日本語", "segment", "данные", "batch", "🚀",
        "fsync", "leader", "naïve", "quorum", "record", "of", "the", "a", "café", "partition"
    };

    private final SplittableRandom random;
    private final boolean emptyOnes;

    private Lines(long seed, boolean emptyOnes) {
        this.random = new SplittableRandom(seed);
        this.emptyOnes = emptyOnes;
    }

    /** Writes a text in which about every fiftieth line is empty. */
    public static Path write(Path file, int count, long seed) throws IOException {
        return new Lines(seed, true).writeTo(file, count);
    }

    /** Writes a text without empty lines, for tools that cannot send an empty record. */
    public static Path writeNonEmpty(Path file, int count, long seed) throws IOException {
        return new Lines(seed, false).writeTo(file, count);
    }

    private Path writeTo(Path file, int count) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            for (int i = 0; i < count; i++) {
                out.write(line(i).getBytes(StandardCharsets.UTF_8));
                out.write('\n');
            }
        }
        return file;
    }

    private String line(int number) {
        int dice = random.nextInt(1_000);
        if (dice < 20 && emptyOnes) {
            return "";
        }
        int words = dice < 995 ? random.nextInt(1, 15) : random.nextInt(200, 500);
        StringBuilder line = new StringBuilder(words * 8).append(number);
        for (int i = 0; i < words; i++) {
            line.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
        }
        return line.toString();
    }
}
