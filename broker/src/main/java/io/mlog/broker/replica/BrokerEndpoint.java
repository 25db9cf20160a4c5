package io.mlog.broker.replica;

import io.mlog.model.HostPort;

/**
 * Where a leader is.
 *
 * @param brokerId its permanent number
 * @param address its RPC port, as other brokers reach it
 */
public record BrokerEndpoint(int brokerId, HostPort address) {
    @Override
    public String toString() {
        return "broker " + brokerId + " at " + address;
    }
}
