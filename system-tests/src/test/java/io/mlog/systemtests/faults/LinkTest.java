package io.mlog.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class LinkTest {
    private final Link link = new Link();

    @Test
    void whatIsHeldPassesOnceTheWayIsFree() throws Exception {
        assertThat(link.pass(() -> false)).isTrue();
        link.hold();
        CompletableFuture<Boolean> held = passing();
        assertThatThrownBy(() -> held.get(100, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        link.free();
        assertThat(held.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatNobodyWaitsForIsGivenUp() throws Exception {
        link.hold();
        assertThat(link.pass(() -> true)).isFalse();
    }

    @Test
    void whatIsDelayedComesLater() throws Exception {
        link.delay(Duration.ofMillis(50));
        long began = System.nanoTime();
        assertThat(link.pass(() -> false)).isTrue();
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(50_000_000);
        link.free();
        assertThat(link.pass(() -> false)).isTrue();
    }

    private CompletableFuture<Boolean> passing() {
        CompletableFuture<Boolean> passed = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        passed.complete(link.pass(() -> false));
                    } catch (InterruptedException e) {
                        passed.completeExceptionally(e);
                    }
                });
        return passed;
    }
}
