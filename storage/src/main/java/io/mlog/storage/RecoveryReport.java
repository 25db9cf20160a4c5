package io.mlog.storage;

import java.util.List;

/**
 * What opening a log did.
 *
 * @param clean whether the stop marker held and nothing was scanned
 * @param scannedBytes bytes of log whose checksums were checked
 * @param cutBytes bytes of torn tail that were cut, 0 when none
 * @param cutReason why the tail was cut, empty when it was not
 * @param damages what was found that must not be there; the log is open, but refuses to serve it
 */
public record RecoveryReport(
        boolean clean, long scannedBytes, long cutBytes, String cutReason, List<Damage> damages) {}
