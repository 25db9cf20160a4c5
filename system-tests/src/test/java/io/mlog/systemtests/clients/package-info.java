/**
 * The client matrix: what people's Kafka clients and tools do, each a row that runs against real
 * brokers and a line of docs/clients.md. Nothing imports it.
 */
@NullMarked
package io.mlog.systemtests.clients;

import org.jspecify.annotations.NullMarked;
