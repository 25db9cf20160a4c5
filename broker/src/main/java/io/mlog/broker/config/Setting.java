package io.mlog.broker.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One row of the table of settings: {@code --name} as a flag, {@code MLOG_NAME} in the environment,
 * {@code name=value} in a configuration file.
 *
 * @param name lower case words joined by dashes; ends in the unit where there is one
 * @param kind how values are read and which are allowed
 * @param defaultText the value when none is given, as it would be written; empty when unset
 * @param meaning one sentence for the operator
 * @param <T> the value's type
 */
public record Setting<T>(
        String name, ValueKind<T> kind, Optional<String> defaultText, String meaning) {
    /** The flag, with its two dashes. */
    public String flag() {
        return "--" + name;
    }

    /** The environment variable. */
    public String variable() {
        return "MLOG_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** Whether the flag may stand without a value. */
    public boolean isSwitch() {
        return kind instanceof ValueKind.Switch;
    }

    /** Whether giving it twice adds a value instead of being a mistake. */
    public boolean isRepeatable() {
        return kind instanceof ValueKind.Repeated;
    }

    /**
     * Reads a value.
     *
     * @param origin where the text stood, for the refusal
     * @throws ConfigRefusedException naming the setting, the text unless it is secret, its origin
     *     and what is allowed
     */
    public T parse(String text, String origin) {
        try {
            return kind.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigRefusedException(
                    "%s %s (from %s) is refused: it must be %s"
                            .formatted(
                                    name,
                                    kind.isSecret() ? "(secret)" : "'" + text + "'",
                                    origin,
                                    kind.allowed()));
        }
    }

    /**
     * Returns {@code value} when the table allows it.
     *
     * @throws ConfigRefusedException naming the setting, the value and what is allowed
     */
    public T check(T value) {
        return parse(kind.format(value), "the program");
    }
}
