package io.mlog.broker.net;

import java.util.Locale;

/** What a connection speaks, told once from its first bytes. */
public enum Language {
    JSON,
    KAFKA,
    HTTP,
    /** Recognised in order to be refused politely: TLS is not configured. */
    TLS;

    /** The name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
