package io.mlog.broker.config;

/** How a log event is written; either way it is one line. */
public enum LogFormat {
    /** For people. */
    TEXT,
    /** A JSON object. */
    JSON
}
