package io.mlog.broker.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The values of all settings, resolved: a flag wins over the environment, the environment over the
 * file, the file over the default. Every text was read and found allowed. Immutable.
 */
public final class SettingValues {
    /** Variables that begin like a setting but belong to the launchers and the tests. */
    private static final List<String> OTHER_VARIABLES =
            List.of(
                    "MLOG_CONFIG",
                    "MLOG_JAVA_HOME",
                    "MLOG_JAVA_MIN",
                    "MLOG_JVM_OPTS",
                    "MLOG_HEAP",
                    "MLOG_AOT",
                    "MLOG_REQUIRE_TOOLS");

    /** Where a value comes from, strongest first. */
    public enum Source {
        FLAG,
        ENVIRONMENT,
        FILE,
        DEFAULT
    }

    /** A value as it was written, and where. */
    private record Given(String text, Source source, String origin) {}

    private final Map<String, Given> given;
    private final List<String> warnings;

    private SettingValues(Map<String, Given> given, List<String> warnings) {
        this.given = Map.copyOf(given);
        this.warnings = List.copyOf(warnings);
    }

    /**
     * Resolves the settings.
     *
     * @param flags the words of the command line
     * @param environment the process's variables; only those that begin with {@code MLOG_} are read
     * @param file the configuration file's entries
     * @throws ConfigRefusedException for an unknown name or a value that is not allowed
     */
    public static SettingValues resolve(
            FlagWords flags, Map<String, String> environment, ConfigFile file) {
        Map<String, Given> given = new LinkedHashMap<>();
        for (Setting<?> setting : Settings.all()) {
            Optional<Given> found =
                    fromFlag(setting, flags)
                            .or(() -> fromEnvironment(setting, environment))
                            .or(() -> fromFile(setting, file));
            found.ifPresent(value -> given.put(setting.name(), value));
        }
        checkAll(given);
        return new SettingValues(given, unknownVariables(environment));
    }

    /** The value of a setting that has a default. */
    public <T> T of(Setting<T> setting) {
        return find(setting)
                .orElseThrow(
                        () -> new IllegalStateException(setting.name() + " has no default value"));
    }

    /** The value of a setting; empty when it was not given and has no default. */
    public <T> Optional<T> find(Setting<T> setting) {
        Given value = given.get(setting.name());
        if (value != null) {
            return Optional.of(setting.parse(value.text(), value.origin()));
        }
        return setting.defaultText().map(text -> setting.parse(text, "its default"));
    }

    /** The value as it would be written, for people; a secret is not told. */
    public <T> Optional<String> textOf(Setting<T> setting) {
        ValueKind<T> kind = setting.kind();
        return find(setting).map(value -> kind.isSecret() ? "(secret)" : kind.format(value));
    }

    /** The value of a whole number setting whose range lies within that of an int. */
    public int intOf(Setting<Long> setting) {
        return Math.toIntExact(of(setting));
    }

    /** Where a setting's value comes from. */
    public Source sourceOf(Setting<?> setting) {
        Given value = given.get(setting.name());
        return value == null ? Source.DEFAULT : value.source();
    }

    /** Things that are probably mistakes but do not stop a start, one line each. */
    public List<String> warnings() {
        return warnings;
    }

    private static Optional<Given> fromFlag(Setting<?> setting, FlagWords flags) {
        return flags.value(setting)
                .map(text -> new Given(text, Source.FLAG, "the flag " + setting.flag()));
    }

    private static Optional<Given> fromEnvironment(
            Setting<?> setting, Map<String, String> environment) {
        return Optional.ofNullable(environment.get(setting.variable()))
                .map(text ->
                        new Given(
                                text.strip(),
                                Source.ENVIRONMENT,
                                "the environment variable " + setting.variable()));
    }

    private static Optional<Given> fromFile(Setting<?> setting, ConfigFile file) {
        return file.entry(setting)
                .map(entry -> new Given(entry.text(), Source.FILE, entry.origin()));
    }

    private static void checkAll(Map<String, Given> given) {
        for (Setting<?> setting : Settings.all()) {
            Given value = given.get(setting.name());
            if (value != null) {
                var _ = setting.parse(value.text(), value.origin());
            }
        }
    }

    private static List<String> unknownVariables(Map<String, String> environment) {
        List<String> warnings = new ArrayList<>();
        for (String variable : new TreeSet<>(environment.keySet())) {
            if (variable.startsWith("MLOG_")
                    && !OTHER_VARIABLES.contains(variable)
                    && Settings.all().stream().noneMatch(s -> s.variable().equals(variable))) {
                warnings.add("the environment variable " + variable + " is no setting: ignored");
            }
        }
        return warnings;
    }
}
