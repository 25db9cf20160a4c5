package io.mlog.broker.config;

/** When an acknowledged record is on disk. */
public enum FlushMode {
    /** Before it is acknowledged with acks=all: appends share one fsync. */
    GROUP,
    /** When the operating system writes it, at the latest after the flush interval. */
    OS
}
