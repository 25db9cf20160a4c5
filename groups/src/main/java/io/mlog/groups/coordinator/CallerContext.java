package io.mlog.groups.coordinator;

import io.mlog.services.GroupCaller;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/**
 * Who asks, as Kafka's coordinator wants to know it: it remembers a member's client id and address,
 * and answers by the request's version.
 */
record CallerContext(GroupCaller caller, int requestType, int requestVersion)
        implements AuthorizableRequestContext {
    private static final GroupCaller OURSELVES = new GroupCaller("mlog", "127.0.0.1");

    /** Of a question that the coordinator does not remember anybody for. */
    static CallerContext ourselves(int requestType, int requestVersion) {
        return new CallerContext(OURSELVES, requestType, requestVersion);
    }

    boolean isOurselves() {
        return caller.equals(OURSELVES);
    }

    @Override
    public String listenerName() {
        return "";
    }

    @Override
    public SecurityProtocol securityProtocol() {
        return SecurityProtocol.PLAINTEXT;
    }

    @Override
    public KafkaPrincipal principal() {
        return KafkaPrincipal.ANONYMOUS;
    }

    /** Never asks a name service: what is no address becomes a name without one. */
    @Override
    public InetAddress clientAddress() {
        try {
            return InetAddress.ofLiteral(caller.host());
        } catch (IllegalArgumentException noLiteral) {
            return named(caller.host());
        }
    }

    private static InetAddress named(String host) {
        try {
            return InetAddress.getByAddress(host, new byte[4]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an address", e);
        }
    }

    @Override
    public String clientId() {
        return caller.clientId();
    }

    @Override
    public int correlationId() {
        return 0;
    }
}
