package io.mlog.client;

/** When a request may be sent again after an attempt that got no reply. */
enum Repeat {
    /** Always: doing it twice is the same as doing it once. */
    ALWAYS,
    /** Only when the node cannot have received it. */
    IF_NOT_SENT
}
