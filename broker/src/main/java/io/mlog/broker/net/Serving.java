package io.mlog.broker.net;

/** What answers requests once the broker is ready. */
public record Serving(JsonService json, KafkaService kafka) {}
