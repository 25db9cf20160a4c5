/**
 * What the controller (the leader of the metadata log) decides about the brokers of its cluster,
 * without I/O, threads or clocks. Imports model only; the broker feeds it and carries its steps
 * out.
 */
@NullMarked
package io.mlog.core.controller;

import org.jspecify.annotations.NullMarked;
