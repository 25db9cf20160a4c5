package io.mlog.systemtests.history;

import io.mlog.systemtests.history.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the clients of one partition sent and were told, and whether one log explains all of it.
 * Contradictions between what was told are found at once, the rest by {@link #against}. A record
 * that was never acknowledged may be in the log or not. Any thread; about 24 bytes for a record.
 *
 * <p>For topics whose log is whole: no retention, no compaction, no transactions.
 */
public final class History {
    private static final int MOST_VIOLATIONS = 100;

    private final String partition;
    private final Map<Integer, Sent> writers = new TreeMap<>();
    private final LongsByNumber readAt = new LongsByNumber();
    private final LongsByNumber acknowledgedAt = new LongsByNumber();
    private final List<Violation> violations = new ArrayList<>();
    private long acknowledgements;
    private long reads;

    /** What one writer did: its highest number, and by number the offset acknowledged, plus 1. */
    private static final class Sent {
        private long highest = -1;
        private final LongsByNumber offsets = new LongsByNumber();
    }

    /** The history of a partition of this name, in which nothing has happened. */
    public History(String partition) {
        this.partition = partition;
    }

    /** A record is about to be sent. A writer's numbers rise. */
    public synchronized void sent(RecordId record) {
        Sent writer = writers.computeIfAbsent(record.writer(), _ -> new Sent());
        if (record.number() <= writer.highest) {
            throw new IllegalArgumentException(
                    "%s is sent after %d".formatted(record, writer.highest));
        }
        writer.highest = record.number();
    }

    /** A writer was told that its record is safe at this offset. */
    public synchronized void acknowledged(RecordId record, long offset) {
        acknowledgements++;
        LongsByNumber offsets = writer(record).offsets;
        long before = offsets.at(record.number());
        if (before != 0 && before != offset + 1) {
            found(
                    Kind.TWO_VALUES,
                    "%s was acknowledged at offsets %d and %d"
                            .formatted(record, before - 1, offset));
        }
        offsets.put(record.number(), offset + 1);
        agree(acknowledgedAt, offset, record, "was acknowledged at");
        agree(readAt, offset, record, "was read at");
        acknowledgedAt.put(offset, record.packed());
    }

    private Sent writer(RecordId record) {
        Sent writer = writers.get(record.writer());
        if (writer == null || record.number() > writer.highest) {
            throw new IllegalArgumentException(record + " was never sent");
        }
        return writer;
    }

    private void agree(LongsByNumber told, long offset, RecordId record, String how) {
        long other = told.at(offset);
        if (other != 0 && other != record.packed()) {
            found(
                    Kind.TWO_VALUES,
                    "%s is told of offset %d, where %s %s"
                            .formatted(record, offset, RecordId.unpacked(other), how));
        }
    }

    private void found(Kind kind, String text) {
        if (violations.size() < MOST_VIOLATIONS) {
            violations.add(new Violation(kind, partition + ": " + text));
        }
    }

    /** Somebody who reads on and on, from some offset. One thread. */
    public final class Reader {
        private final String name;
        private long next;

        private Reader(String name, long first) {
            this.name = name;
            this.next = first;
        }

        /** It was given this record. */
        public void read(long offset, RecordId record) {
            synchronized (History.this) {
                reads++;
                if (offset != next) {
                    found(
                            Kind.GAP,
                            "%s was given offset %d and not %d".formatted(name, offset, next));
                }
                agree(readAt, offset, record, "was read at");
                agree(acknowledgedAt, offset, record, "was acknowledged at");
                readAt.put(offset, record.packed());
            }
            next = offset + 1;
        }

        /** It was told that an offset it has come to lies behind the end. */
        public void toldOutOfRange(String answer) {
            synchronized (History.this) {
                found(Kind.VANISHED, "%s is at offset %d: %s".formatted(name, next, answer));
            }
        }

        /** The offset it reads next. */
        public long next() {
            return next;
        }
    }

    /** A reader that begins at the log's start. */
    public Reader reader(String name) {
        return new Reader(name, 0);
    }

    public synchronized long acknowledgements() {
        return acknowledgements;
    }

    public synchronized long reads() {
        return reads;
    }

    /** What was found so far. */
    public synchronized List<Violation> violations() {
        return List.copyOf(violations);
    }

    /**
     * Holds everything against the log that is left.
     *
     * @param log the record at each offset, from 0
     * @return all that was found, at most {@value #MOST_VIOLATIONS}; empty when all is well
     */
    public synchronized List<Violation> against(List<RecordId> log) {
        Map<Integer, LongsByNumber> places = checkOrder(log);
        writers.forEach((writer, sent) ->
                checkAcknowledged(
                        writer, sent.offsets, places.getOrDefault(writer, new LongsByNumber())));
        for (long offset = 0; offset < readAt.length(); offset++) {
            checkRead(offset, log);
        }
        return violations();
    }

    /** Returns where each writer's numbers are, plus 1. */
    private Map<Integer, LongsByNumber> checkOrder(List<RecordId> log) {
        Map<Integer, LongsByNumber> places = new TreeMap<>();
        for (int offset = 0; offset < log.size(); offset++) {
            RecordId record = log.get(offset);
            Sent writer = writers.get(record.writer());
            if (writer == null || record.number() > writer.highest) {
                found(Kind.INVENTED, "nobody sent %s at offset %d".formatted(record, offset));
                continue;
            }
            LongsByNumber own = places.computeIfAbsent(record.writer(), _ -> new LongsByNumber());
            long before = own.at(record.number());
            if (before != 0) {
                found(
                        Kind.DUPLICATE,
                        "%s is at offset %d and again at %d".formatted(record, before - 1, offset));
            } else if (own.length() > record.number()) {
                found(
                        Kind.OUT_OF_ORDER,
                        "%s at offset %d is behind number %d"
                                .formatted(record, offset, own.length() - 1));
            }
            own.put(record.number(), offset + 1);
        }
        return places;
    }

    private void checkAcknowledged(int writer, LongsByNumber told, LongsByNumber places) {
        for (long number = 0; number < told.length(); number++) {
            long offset = told.at(number);
            if (offset != 0 && places.at(number) != offset) {
                found(
                        Kind.LOST,
                        "%d-%d was acknowledged at offset %d and is %s"
                                .formatted(
                                        writer,
                                        number,
                                        offset - 1,
                                        places.at(number) == 0
                                                ? "nowhere"
                                                : "at " + (places.at(number) - 1)));
            }
        }
    }

    private void checkRead(long offset, List<RecordId> log) {
        long read = readAt.at(offset);
        if (read == 0) {
            return;
        }
        String holds = offset < log.size() ? log.get((int) offset).toString() : "nothing";
        if (!holds.equals(RecordId.unpacked(read).toString())) {
            found(
                    Kind.VANISHED,
                    "%s was read at offset %d, which holds %s"
                            .formatted(RecordId.unpacked(read), offset, holds));
        }
    }
}
