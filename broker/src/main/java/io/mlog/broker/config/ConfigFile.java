package io.mlog.broker.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file given by {@code --config}: lines {@code name=value}, empty lines, and comments that
 * begin with {@code #}. Immutable.
 */
public final class ConfigFile {
    private static final long LARGEST_BYTES = 1 << 20;

    /** An entry's text and where it stands, such as {@code line 3 of mlog.conf}. */
    record Entry(String text, String origin) {}

    private final Map<String, Entry> entries;

    private ConfigFile(Map<String, Entry> entries) {
        this.entries = Map.copyOf(entries);
    }

    /** A file without entries. */
    public static ConfigFile empty() {
        return new ConfigFile(Map.of());
    }

    /**
     * Reads a file.
     *
     * @throws ConfigRefusedException when it cannot be read, or as {@link #parse} does
     */
    public static ConfigFile read(Path file) {
        try {
            if (Files.size(file) > LARGEST_BYTES) {
                throw new ConfigRefusedException(
                        "the configuration file %s has %d bytes; it may have %d"
                                .formatted(file, Files.size(file), LARGEST_BYTES));
            }
            return parse(file.toString(), Files.readAllLines(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ConfigRefusedException(
                    "the configuration file %s cannot be read: %s".formatted(file, e));
        }
    }

    /**
     * Reads the lines of a file.
     *
     * @param name the file's name, for refusals
     * @throws ConfigRefusedException for a line of another form, an unknown name, or a name given
     *     twice that is not repeatable; values are checked when settings are resolved
     */
    static ConfigFile parse(String name, List<String> lines) {
        Map<String, Entry> entries = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(entries, line, "line " + (i + 1) + " of " + name);
            }
        }
        return new ConfigFile(entries);
    }

    Optional<Entry> entry(Setting<?> setting) {
        return Optional.ofNullable(entries.get(setting.name()));
    }

    private static void add(Map<String, Entry> entries, String line, String origin) {
        int equals = line.indexOf('=');
        if (equals <= 0) {
            throw new ConfigRefusedException(
                    "'" + line + "' (" + origin + ") is not of the form name=value");
        }
        String name = line.substring(0, equals).strip();
        String text = line.substring(equals + 1).strip();
        Setting<?> setting =
                Settings.named(name)
                        .orElseThrow(() -> new ConfigRefusedException(unknown(name, origin)));
        Entry before = entries.get(name);
        if (before == null) {
            entries.put(name, new Entry(text, origin));
        } else if (setting.isRepeatable()) {
            entries.put(name, new Entry(before.text() + "," + text, before.origin()));
        } else {
            throw new ConfigRefusedException(
                    "%s is given twice, in %s and in %s".formatted(name, before.origin(), origin));
        }
    }

    private static String unknown(String name, String origin) {
        return "unknown setting '%s' (%s)%s"
                .formatted(
                        name,
                        origin,
                        ClosestName.to(name)
                                .map(closest -> ": did you mean " + closest + "?")
                                .orElse(": see --help"));
    }
}
