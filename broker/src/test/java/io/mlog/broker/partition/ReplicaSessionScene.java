package io.mlog.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import io.mlog.services.ReplicaFetched;
import io.mlog.services.ReplicaFetched.Found;
import io.mlog.services.ReplicaIdentity;
import io.mlog.services.WaitingFetch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A follower and the sessions of its leader, whose partitions are numbers. */
abstract class ReplicaSessionScene {
    static final TopicId ORDERS = new TopicId(1, 2);
    static final ReplicaIdentity FOLLOWER = new ReplicaIdentity(3, 1234);
    static final int MAX_RECORDS = 5;
    static final int WAIT_MS = 500;

    final ManualTimer timer = new ManualTimer();
    final Map<TopicIdPartition, FakeLed> hosted = new HashMap<>();
    final List<Throwable> bugs = new ArrayList<>();
    final ReplicaSessions sessions =
            new ReplicaSessions(
                    hosted::get,
                    ReplicaSessionScene::image,
                    timer,
                    timer,
                    MAX_RECORDS,
                    new Random(1),
                    bugs::add);

    final List<Answer> answers = new ArrayList<>();
    FakeLed first = new FakeLed(0);
    FakeLed second = new FakeLed(1);
    int sessionId;
    int nextEpoch;
    int sent;

    /** An answer, and which request it was to. */
    record Answer(int request, ReplicaFetched fetched) {}

    @BeforeEach
    void host() {
        first = led(0);
        second = led(1);
    }

    @AfterEach
    void nothingIsLeftOver() {
        answers.forEach(
                answer -> answer.fetched().found().forEach(found -> found.records().release()));
        assertThat(hosted.values()).allMatch(partition -> partition.slicesOut == 0);
        assertThat(bugs).isEmpty();
    }

    FakeLed led(int index) {
        FakeLed partition = new FakeLed(index);
        hosted.put(id(index), partition);
        return partition;
    }

    void open(ReplicaAsk... asks) {
        int request = sent++;
        sessions.fetch(
                new ReplicaFetchCommand(FOLLOWER, 0, 0, 0, 1 << 20, List.of(asks)),
                fetched -> {
                    sessionId = fetched.sessionId();
                    answers.add(new Answer(request, fetched));
                });
        nextEpoch = 1;
    }

    int request(ReplicaAsk... asks) {
        send(command(1 << 20, asks));
        return sent - 1;
    }

    void requestOf(int maxBytes) {
        send(command(maxBytes));
    }

    ReplicaFetchCommand command(int maxBytes, ReplicaAsk... asks) {
        return new ReplicaFetchCommand(
                FOLLOWER, sessionId, nextEpoch++, WAIT_MS, maxBytes, List.of(asks));
    }

    WaitingFetch send(ReplicaFetchCommand command) {
        int request = sent++;
        return sessions.fetch(command, fetched -> answers.add(new Answer(request, fetched)));
    }

    ReplicaFetched onlyAnswer() {
        assertThat(answers).as("answers").hasSize(1);
        ReplicaFetched answer = answers.getFirst().fetched();
        takeAnswers();
        return answer;
    }

    void takeAnswers() {
        answers.forEach(
                answer -> answer.fetched().found().forEach(found -> found.records().release()));
        answers.clear();
    }

    static Found only(ReplicaFetched answer) {
        assertThat(answer.error()).isEqualTo(ErrorCode.NONE);
        assertThat(answer.found()).hasSize(1);
        return answer.found().getFirst();
    }

    static TopicIdPartition id(int index) {
        return new TopicIdPartition(ORDERS, index);
    }

    static ReplicaAsk ask(int index, long offset) {
        return new ReplicaAsk(id(index), 5, offset, 5, 0, 1 << 20);
    }

    static MetadataImage image() {
        HostPort address = new HostPort("127.0.0.1", 9094);
        BrokerImage follower =
                new BrokerImage(
                        3, "node-3", "dir", 1234, null, address, address, null, "test", false,
                        false);
        return new MetadataImage(1, 1, 1, "cluster", Map.of(), Map.of(), Map.of(3, follower), 9, 0);
    }
}
