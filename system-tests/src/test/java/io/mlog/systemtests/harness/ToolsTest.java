package io.mlog.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ToolsTest {
    @Test
    void programsAreFoundOnThePathAndByTheirFullName() {
        assertThat(Tools.isThere("sh")).isTrue();
        assertThat(Tools.isThere("/bin/sh")).isTrue();
        assertThat(Tools.isThere("no-such-program")).isFalse();
    }

    @Test
    void aMissingToolNamesItself() {
        assertThatThrownBy(() -> Tools.requireOrSkip("no-such-program"))
                .hasMessageContaining("no-such-program is not installed");
    }
}
