package io.mlog.broker.config;

import java.util.Optional;

/** Finds the setting that someone who mistyped a name most likely meant. */
final class ClosestName {
    private static final int MOST_EDITS = 3;

    private ClosestName() {}

    /** The name within three edits of {@code typed}, the nearest one; empty when there is none. */
    static Optional<String> to(String typed) {
        int fewest = MOST_EDITS + 1;
        Optional<String> closest = Optional.empty();
        for (Setting<?> setting : Settings.all()) {
            int edits = edits(typed, setting.name());
            if (edits < fewest) {
                fewest = edits;
                closest = Optional.of(setting.name());
            }
        }
        return closest;
    }

    /** Levenshtein distance, by rows. */
    private static int edits(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
