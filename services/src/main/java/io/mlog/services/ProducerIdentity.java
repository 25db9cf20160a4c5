package io.mlog.services;

/** A producer id with its epoch, for idempotent writes. */
public record ProducerIdentity(long producerId, short producerEpoch) {}
