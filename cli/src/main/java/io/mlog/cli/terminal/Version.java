package io.mlog.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version of this build. */
public final class Version implements IVersionProvider {
    /** The version's number, such as 0.1.0. */
    public static String number() {
        try (InputStream file =
                Objects.requireNonNull(Version.class.getResourceAsStream("version.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {"mlog " + number() + ", Java " + Runtime.version().feature()};
    }
}
