package io.mlog.broker.replica;

import io.mlog.broker.partition.FetchPosition;
import io.mlog.broker.partition.FollowedPartition;
import io.mlog.model.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition at one fetcher, for as long as there is something to do for it. Owner: the
 * fetcher's.
 *
 * <pre>
 * state    event                                   next
 * WANTING  asked in a request                      ASKED
 * WANTING  its last ask brought nothing; throttled PAUSED
 * WANTING  nothing to ask of this leader           forgotten
 * ASKED    the ask is answered, or the session ends WANTING
 * PAUSED   the pause is over, or it has moved on   WANTING
 * </pre>
 */
final class Followed {
    /** What it waits for. */
    enum State {
        /** A place in the next request. */
        WANTING,
        /** The leader's answer: its ask stands. */
        ASKED,
        /** Time, before it asks the same again. */
        PAUSED
    }

    private final TopicIdPartition id;
    private FollowedPartition partition;
    private State state = State.WANTING;

    /** The ask that stands, or the last that did. */
    private @Nullable FetchPosition asked;

    /** Whether {@link #asked} was answered, and asking the same again is to wait. */
    private boolean answered;

    private int failures;
    private int pauses;

    Followed(TopicIdPartition id, FollowedPartition partition) {
        this.id = id;
        this.partition = partition;
    }

    TopicIdPartition id() {
        return id;
    }

    FollowedPartition partition() {
        return partition;
    }

    State state() {
        return state;
    }

    /** Position of the ask that stands. */
    FetchPosition asked() {
        FetchPosition position = asked;
        if (state != State.ASKED || position == null) {
            throw new IllegalStateException("no ask of " + partition.name() + " stands: " + state);
        }
        return position;
    }

    /** The replica under this id is now {@code replica}: it may have been opened anew. */
    void is(FollowedPartition replica) {
        partition = replica;
    }

    /** Whether asking for {@code position} would repeat an ask that brought nothing. */
    boolean repeats(FetchPosition position) {
        return answered && position.equals(asked);
    }

    void ask(FetchPosition position) {
        require(State.WANTING);
        if (!position.equals(asked)) {
            failures = 0;
        }
        asked = position;
        answered = false;
        state = State.ASKED;
    }

    /** The ask was answered: the partition wants the next one. */
    void answered() {
        require(State.ASKED);
        answered = true;
        state = State.WANTING;
    }

    /** The ask will never be answered: its session ended. */
    void unanswered() {
        require(State.ASKED);
        state = State.WANTING;
    }

    /** Begins a pause after one more ask that brought nothing; returns how many did in a row. */
    int failed() {
        require(State.WANTING);
        return ++failures;
    }

    /** Begins a pause; returns its number. */
    int pause() {
        require(State.WANTING);
        state = State.PAUSED;
        return ++pauses;
    }

    boolean isInPause(int pause) {
        return state == State.PAUSED && pauses == pause;
    }

    /** Ends the pause: the same may be asked again. */
    void resume() {
        require(State.PAUSED);
        answered = false;
        state = State.WANTING;
    }

    private void require(State expected) {
        if (state != expected) {
            throw new IllegalStateException(
                    "partition " + partition.name() + " is " + state + ", not " + expected);
        }
    }
}
