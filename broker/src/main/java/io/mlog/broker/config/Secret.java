package io.mlog.broker.config;

/**
 * A value that is used and never shown: logs, listings and refusals print its {@link #toString}.
 *
 * @param text the value itself
 */
public record Secret(String text) {
    @Override
    public String toString() {
        return "(secret)";
    }
}
