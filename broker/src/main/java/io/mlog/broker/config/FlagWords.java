package io.mlog.broker.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The words of a command line as settings: {@code --name value}, {@code --name=value}, or {@code
 * --name} alone for a switch. {@code --config FILE} is the one flag that is no setting. Immutable.
 */
public final class FlagWords {
    private static final String CONFIG = "--config";

    private final Map<String, String> texts;
    private final Optional<String> configFile;

    private FlagWords(Map<String, String> texts, Optional<String> configFile) {
        this.texts = Map.copyOf(texts);
        this.configFile = configFile;
    }

    /**
     * Reads a command line.
     *
     * @throws ConfigRefusedException for a word that is no flag, an unknown flag, a missing value,
     *     or a flag given twice that is not repeatable
     */
    public static FlagWords parse(List<String> words) {
        Map<String, String> texts = new HashMap<>();
        Optional<String> configFile = Optional.empty();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String flag = equals < 0 ? word : word.substring(0, equals);
            boolean isConfig = flag.equals(CONFIG);
            Optional<Setting<?>> setting = isConfig ? Optional.empty() : Optional.of(known(flag));
            String text;
            if (equals >= 0) {
                text = word.substring(equals + 1);
            } else if (setting.isPresent() && setting.get().isSwitch()) {
                text = isSwitchValue(words, i + 1) ? words.get(++i) : "true";
            } else if (i + 1 < words.size()) {
                text = words.get(++i);
            } else {
                throw new ConfigRefusedException(flag + " needs a value after it");
            }
            if (isConfig) {
                configFile = Optional.of(text);
            } else {
                setting.ifPresent(known -> put(texts, known, text));
            }
        }
        return new FlagWords(texts, configFile);
    }

    /** What the flag said; several values of a repeatable flag are joined by commas. */
    Optional<String> value(Setting<?> setting) {
        return Optional.ofNullable(texts.get(setting.name()));
    }

    /** The file named by {@code --config}. */
    public Optional<String> configFile() {
        return configFile;
    }

    private static Setting<?> known(String flag) {
        if (!flag.startsWith("--")) {
            throw new ConfigRefusedException(
                    "'" + flag + "' is no flag: flags begin with --, see --help");
        }
        return Settings.named(flag.substring(2))
                .orElseThrow(() -> new ConfigRefusedException(unknown(flag)));
    }

    private static String unknown(String flag) {
        return "unknown flag "
                + flag
                + ClosestName.to(flag.substring(2))
                        .map(name -> ": did you mean --" + name + "?")
                        .orElse(": see --help");
    }

    private static boolean isSwitchValue(List<String> words, int index) {
        return index < words.size()
                && (words.get(index).equals("true") || words.get(index).equals("false"));
    }

    private static void put(Map<String, String> texts, Setting<?> setting, String text) {
        String before = texts.get(setting.name());
        if (before == null) {
            texts.put(setting.name(), text);
        } else if (setting.isRepeatable()) {
            texts.put(setting.name(), before + "," + text);
        } else {
            throw new ConfigRefusedException(
                    "%s is given twice, as '%s' and as '%s'"
                            .formatted(setting.flag(), before, text));
        }
    }
}
