package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.services.ReplicaFetchCommand;
import io.mlog.services.ReplicaFetched;
import io.mlog.services.ReplicaService;
import io.mlog.services.WaitingFetch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers every request of a replica by what the test has put there, or lets it wait. */
final class FakeReplicas implements ReplicaService {
    final List<ReplicaFetchCommand> commands = new ArrayList<>();
    ReplicaFetched answer = ReplicaFetched.refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    boolean hold;
    int cancelled;
    private @Nullable Consumer<ReplicaFetched> held;

    @Override
    public WaitingFetch fetch(ReplicaFetchCommand command, Consumer<ReplicaFetched> done) {
        commands.add(command);
        if (hold) {
            held = done;
            return () -> cancelled++;
        }
        done.accept(answer);
        return WaitingFetch.NOT_WAITING;
    }

    /** Answers the request that waits. */
    void wake() {
        Consumer<ReplicaFetched> waiting = held;
        held = null;
        if (waiting != null) {
            waiting.accept(answer);
        }
    }
}
