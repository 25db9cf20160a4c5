package io.mlog.systemtests.chaos;

import java.time.Duration;

/** Something that goes wrong for a while. */
sealed interface Fault {
    /** {@code kill -9}; it is started again afterwards. */
    record Kill(Target target) implements Fault {}

    /** All at once. */
    record KillAll() implements Fault {}

    /** SIGTERM; it is started again afterwards. */
    record Restart(Target target) implements Fault {}

    /** SIGTERM to one after the other, each started again before the next. */
    record RollingRestart() implements Fault {}

    /** SIGSTOP, SIGCONT afterwards. */
    record Pause(Target target) implements Fault {}

    /** Nothing passes between the node and the others; clients reach it. */
    record Isolate(Target target) implements Fault {}

    /** Nothing passes between two nodes. */
    record Cut(Target target, Neighbour neighbour) implements Fault {}

    /** What one node sends to another does not arrive. */
    record CutOneWay(Target target, Neighbour neighbour, boolean fromTarget) implements Fault {}

    /** What the node and everybody else send each other comes late. */
    record Delay(Target target, Duration by) implements Fault {}

    /** All connections of the node are reset, those of clients too. */
    record Reset(Target target) implements Fault {}

    /** {@code kill -9}, and its disk is lost; it is started again afterwards. */
    record Wipe(Target target) implements Fault {}

    /** One of the two other nodes. */
    enum Neighbour {
        NEXT,
        AFTER_NEXT
    }
}
