package io.mlog.simulation;

import java.util.StringJoiner;

/** Prints the trace hashes of some seeds, for another process to compare. */
final class TraceHashes {
    private static final int EVENTS = 500;

    private TraceHashes() {}

    public static void main(String[] args) {
        System.out.println(of(Long.parseLong(args[0]), Long.parseLong(args[1])));
    }

    static String of(long first, long last) {
        StringJoiner hashes = new StringJoiner(" ");
        for (long seed = first; seed <= last; seed++) {
            hashes.add(
                    Long.toHexString(
                            Simulation.run(seed, EVENTS, false, new Counts()).traceHash()));
        }
        return hashes.toString();
    }
}
