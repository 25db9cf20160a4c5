package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetched.Found;
import org.junit.jupiter.api.Test;

/** How a follower hears of high watermarks. */
final class HighWatermarkNewsTest extends ReplicaSessionScene {
    @Test
    void newsOfTheHighWatermarkRideWithTheNextAnswer() {
        open(ask(0, 0), ask(1, 0));
        onlyAnswer();
        request();
        second.commitTo(7);
        assertThat(answers).isEmpty();

        first.append(1);

        assertThat(onlyAnswer().found()).extracting(Found::partition).containsExactly(id(0), id(1));
    }

    @Test
    void newsOfTheHighWatermarkAloneWaitForAMomentOnly() {
        open(ask(0, 0));
        onlyAnswer();
        request();
        first.commitTo(7);
        assertThat(answers).isEmpty();
        timer.pass(ReplicaSession.NEWS_MS);
        Found found = only(onlyAnswer());
        assertThat(found.highWatermark()).isEqualTo(7);
        assertThat(found.endsAsk()).isFalse();

        request();
        first.commitTo(9);
        timer.pass(ReplicaSession.NEWS_MS);
        assertThat(only(onlyAnswer()).highWatermark()).as("the ask goes on").isEqualTo(9);
    }

    @Test
    void newsThatFoundNoRequestAreToldByTheNextOne() {
        open(ask(0, 0));
        onlyAnswer();
        first.commitTo(7);
        timer.pass(ReplicaSession.NEWS_MS);
        request();
        timer.pass(ReplicaSession.NEWS_MS);
        assertThat(only(onlyAnswer()).highWatermark()).isEqualTo(7);
    }

    @Test
    void aHighWatermarkIsToldOnce() {
        open(ask(0, 0));
        onlyAnswer();
        request();
        first.commitTo(7);
        timer.pass(ReplicaSession.NEWS_MS);
        onlyAnswer();
        request();
        timer.pass(WAIT_MS);
        assertThat(onlyAnswer().found()).isEmpty();
    }

    @Test
    void aHighWatermarkThatCameWithRecordsIsNotToldAgain() {
        open(ask(0, 0));
        onlyAnswer();
        request();
        first.highWatermark = 7;
        first.append(1);
        assertThat(only(onlyAnswer()).highWatermark()).isEqualTo(7);
        request(ask(0, 1));
        timer.pass(ReplicaSession.NEWS_MS);
        assertThat(answers).isEmpty();
    }

    @Test
    void afterAnErrorTheHighWatermarkIsToldAgain() {
        first.commitTo(7);
        open(ask(0, 0));
        onlyAnswer();
        request();
        first.epoch(6);
        onlyAnswer();
        request(new ReplicaAsk(id(0), 6, 0, 5, 0, 1 << 20));
        timer.pass(ReplicaSession.NEWS_MS);
        assertThat(only(onlyAnswer()).highWatermark()).isEqualTo(7);
    }
}
