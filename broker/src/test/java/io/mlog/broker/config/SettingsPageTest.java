package io.mlog.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Holds the table in docs/operations.md against the one in the code. */
final class SettingsPageTest {
    @Test
    void pageForOperatorsHasExactlyTheTableOfTheCode() throws IOException {
        Path page =
                Path.of(Objects.requireNonNull(System.getProperty("mlog.root")))
                        .resolve("docs/operations.md");
        assertThat(Files.readString(page)).contains(table());
    }

    private static String table() {
        StringBuilder table =
                new StringBuilder("| setting | default | allowed | meaning |\n|---|---|---|---|\n");
        for (Setting<?> setting : Settings.all()) {
            String unit = setting.kind().unit();
            table.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(
                                    setting.name(),
                                    setting.defaultText().orElse("–"),
                                    allowed(setting) + (unit.isEmpty() ? "" : ", in " + unit),
                                    setting.meaning().replace("|", "\\|")));
        }
        return table.append('\n').toString();
    }

    private static String allowed(Setting<?> setting) {
        return setting.kind() instanceof ValueKind.WholeNumber number
                        && number.most() == Long.MAX_VALUE
                ? "a whole number from " + number.least()
                : setting.kind().allowed().replace("|", "\\|");
    }
}
