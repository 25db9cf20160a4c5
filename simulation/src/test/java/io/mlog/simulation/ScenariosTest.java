package io.mlog.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The stories of {@link Scenarios}, as they end with the product as it is. */
final class ScenariosTest {
    @TestFactory
    List<DynamicTest> everyPromiseIsKept() {
        return Scenarios.ALL.keySet().stream()
                .map(name ->
                        DynamicTest.dynamicTest(
                                name, () -> assertThat(Scenarios.failureOf(name)).isEmpty()))
                .toList();
    }
}
