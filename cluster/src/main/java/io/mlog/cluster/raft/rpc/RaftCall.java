package io.mlog.cluster.raft.rpc;

import java.io.IOException;

/** The calls of one node to another, with their numbers on the wire. */
enum RaftCall {
    REQUEST_VOTE(1, Lane.ELECTION),
    START_ELECTION(2, Lane.ELECTION),
    APPEND_ENTRIES(3, Lane.LOG),
    INSTALL_SNAPSHOT(4, Lane.LOG),
    SUBMIT(5, Lane.COMMANDS),
    CATCH_UP(6, Lane.QUESTIONS),
    WHO_LEADS(7, Lane.QUESTIONS);

    /**
     * Each lane has its own connection, on which one call follows the other: a vote must not wait
     * behind a large batch of entries, nor a question behind commands that wait for a majority.
     */
    enum Lane {
        ELECTION,
        LOG,
        COMMANDS,
        QUESTIONS
    }

    private final int number;
    private final Lane lane;

    RaftCall(int number, Lane lane) {
        this.number = number;
        this.lane = lane;
    }

    int number() {
        return number;
    }

    Lane lane() {
        return lane;
    }

    static RaftCall of(int number) throws IOException {
        for (RaftCall call : values()) {
            if (call.number == number) {
                return call;
            }
        }
        throw new IOException("there is no call " + number);
    }
}
