/**
 * What an edge (Kafka, JSON RPC, HTTP) may ask of a broker, and what replicas of two brokers tell
 * each other, as interfaces and values. Knows no sockets, no Netty and no Kafka classes; the broker
 * implements it, the edges call it.
 */
@NullMarked
package io.mlog.services;

import org.jspecify.annotations.NullMarked;
