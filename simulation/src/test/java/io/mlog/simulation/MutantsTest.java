package io.mlog.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Each mistake of {@link Mutant#ALL} is caught: by its story in every test run, by random seeds in
 * the slow ones.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SAME_THREAD)
final class MutantsTest {
    private static final int EVENTS = 1000;

    @TestFactory
    List<DynamicTest> mistakeIsCaughtByItsStory() {
        return Mutant.ALL.stream()
                .map(mutant -> DynamicTest.dynamicTest(mutant.name(), () -> tellStory(mutant)))
                .toList();
    }

    private static void tellStory(Mutant mutant) throws IOException {
        String failure = MutatedProduct.of(mutant).failureOfStory(mutant.story());

        System.out.printf("%s: caught by its story: %s%n", mutant.name(), failure);
        assertThat(failure).as("what '%s' finds wrong", mutant.story()).isNotEmpty();
    }

    @TestFactory
    @Tag("slow")
    List<DynamicTest> mistakeIsCaughtBySeeds() {
        return Mutant.ALL.stream()
                .map(mutant -> DynamicTest.dynamicTest(mutant.name(), () -> runSeeds(mutant)))
                .toList();
    }

    private static void runSeeds(Mutant mutant) throws IOException {
        MutatedProduct product = MutatedProduct.of(mutant);
        String failure = "";
        long seed = 0;
        while (failure.isEmpty() && seed < mutant.mostSeeds()) {
            failure = product.failureOfSeed(++seed, EVENTS);
        }
        System.out.printf("%s: caught after %d seeds: %s%n", mutant.name(), seed, failure);
        assertThat(failure).as("found by %d seeds", seed).isNotEmpty();
    }
}
