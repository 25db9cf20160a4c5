package io.mlog.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.ErrorCode;
import io.mlog.services.LeaderAnswer;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** A leader whose answers the test gives by hand, on the thread of the test. */
final class ScriptedLink implements ReplicaLink {
    static final int SESSION = 77;

    final BrokerEndpoint leader;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Consumer<FetchOutcome>> unanswered = new ArrayDeque<>();
    private final List<ReplicaFetchCommand> sent = new ArrayList<>();
    private boolean inCall;
    boolean closed;

    ScriptedLink(BrokerEndpoint leader) {
        this.leader = leader;
    }

    @Override
    public void fetch(ReplicaFetchCommand command, Consumer<FetchOutcome> done) {
        assertThat(closed).as("nothing is sent on a closed link").isFalse();
        assertThat(inCall).as("only the owner sends").isTrue();
        sent.add(command);
        unanswered.add(done);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void close() {
        closed = true;
        unanswered.clear();
    }

    /** Lets the owner do what it has to, until nothing is left. */
    void run() {
        inCall = true;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        inCall = false;
    }

    /** The requests sent since the last look, after the owner has done what it has to. */
    List<ReplicaFetchCommand> sent() {
        run();
        List<ReplicaFetchCommand> news = List.copyOf(sent);
        sent.clear();
        return news;
    }

    /** The only request sent since the last look. */
    ReplicaFetchCommand onlySent() {
        List<ReplicaFetchCommand> news = sent();
        assertThat(news).as("requests").hasSize(1);
        return news.getFirst();
    }

    /** The partitions asked for since the last look, in the order of the asks. */
    List<Integer> asked() {
        return sent().stream()
                .flatMap(request -> request.asks().stream())
                .map(ask -> ask.partition().partition())
                .toList();
    }

    List<ReplicaAsk> asks() {
        return sent().stream().flatMap(request -> request.asks().stream()).toList();
    }

    /** How many requests are unanswered. */
    int outstanding() {
        run();
        return unanswered.size();
    }

    /** Answers the oldest request. */
    void answer(LeaderAnswer.Entry... entries) {
        answer(new LeaderAnswer(ErrorCode.NONE, SESSION, List.of(entries)));
    }

    void answer(LeaderAnswer answer) {
        finish(new FetchOutcome.Answered(answer));
    }

    void refuse(ErrorCode error) {
        answer(new LeaderAnswer(error, 0, List.of()));
    }

    /** Loses every outstanding request. */
    void lose(FetchOutcome.Cause cause) {
        run();
        for (int left = unanswered.size(); left > 0; left--) {
            finish(new FetchOutcome.Lost(cause, "the test says so"));
        }
    }

    /** Takes the oldest request away, for an answer that comes too late. */
    Consumer<FetchOutcome> takeOldest() {
        run();
        return unanswered.remove();
    }

    private void finish(FetchOutcome outcome) {
        run();
        Consumer<FetchOutcome> oldest = unanswered.remove();
        inCall = true;
        oldest.accept(outcome);
        inCall = false;
        run();
    }
}
