package io.mlog.broker.config;

/** How much the broker logs about itself. Libraries are capped at WARN whatever this says. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
}
