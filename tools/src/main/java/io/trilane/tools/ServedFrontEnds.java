package io.trilane.tools;

import io.trilane.tools.frontend.FrontEnd;
import io.trilane.tools.frontend.ServedUnit;
import io.trilane.tools.iscsi.ChapAccount;
import io.trilane.tools.iscsi.IscsiFrontEnd;
import io.trilane.tools.iscsi.IscsiService;
import io.trilane.tools.iscsi.LoginPolicy;
import io.trilane.tools.iscsi.SessionRegistry;
import io.trilane.tools.iscsi.TargetDirectory;
import io.trilane.tools.nbd.NbdFrontEnd;
import io.trilane.tools.nbd.TlsSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// Makes the front ends that a plan asks for. Stateless; refuses names, secrets and certificates that cannot be used.
final class ServedFrontEnds {
    private static final String ALIAS = "Trilane";

    private ServedFrontEnds() {}

    static FrontEnd iscsi(ServePlan plan, List<ServedUnit> units) {
        IscsiService service = new IscsiService(units, TargetDirectory.of(plan.targetName(), ALIAS),
                policy(plan.security()), new SessionRegistry(), plan.limits(), "");
        return new IscsiFrontEnd(service, new SecureRandom());
    }

    static FrontEnd nbd(ServePlan plan, List<ServedUnit> units) {
        ServePlan.Security security = plan.security();
        Optional<Path> key = security.tlsKey();
        TlsSettings tls = security.tlsCert().isPresent() && key.isPresent()
                ? TlsSettings.load(security.tlsCert().get(), key.get(), security.tlsRequired()) : null;
        return new NbdFrontEnd(units, tls, plan.limits());
    }

    private static LoginPolicy policy(ServePlan.Security security) {
        LoginPolicy.Limits limits = LoginPolicy.Limits.defaults();
        if (security.chap().isEmpty()) {
            return LoginPolicy.open(limits);
        }
        ChapAccount initiators = account(security.chap().get());
        return LoginPolicy.withChap(security.mutualChap()
                .map(target -> LoginPolicy.Chap.mutual(initiators, account(target)))
                .orElseGet(() -> LoginPolicy.Chap.oneWay(initiators)), limits);
    }

    private static ChapAccount account(ServePlan.Account account) {
        return new ChapAccount(account.user(), account.secret());
    }
}
