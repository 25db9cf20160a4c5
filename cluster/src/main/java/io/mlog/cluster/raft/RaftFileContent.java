package io.mlog.cluster.raft;

import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import java.util.List;
import java.util.Map;

/** One thing found in a {@link RaftFile}. */
public sealed interface RaftFileContent {
    /**
     * A whole log entry. One of an open file may not be committed.
     *
     * @param position in the file
     */
    record Entry(long position, int sizeBytes, long term, long index, Matter matter)
            implements RaftFileContent {}

    /** What a snapshot holds. */
    record Image(MetadataImage image) implements RaftFileContent {}

    /** Words and numbers under their names. */
    record Fields(Map<String, String> fields) implements RaftFileContent {
        public Fields {
            fields = Map.copyOf(fields);
        }
    }

    /** Nodes that vote, with their addresses. */
    record Voters(List<String> voters) implements RaftFileContent {
        public Voters {
            voters = List.copyOf(voters);
        }
    }

    /**
     * Bytes that are not what was written; nothing behind them can be read.
     *
     * @param tornTail whether it can be what a crash leaves, which the next start cuts
     */
    record Damaged(long position, String expected, String found, boolean tornTail)
            implements RaftFileContent {}

    /** What an entry is about. */
    sealed interface Matter {
        /** A change of metadata, to be decided when it is applied. */
        record Command(MetadataCommand command) implements Matter {}

        /** A command of a format that this build does not know. */
        record Unknown(String reason) implements Matter {}

        /** Who votes from here on. */
        record Configuration(List<String> voters) implements Matter {
            public Configuration {
                voters = List.copyOf(voters);
            }
        }

        /** How far the log was committed. */
        record Committed(long index) implements Matter {}
    }
}
