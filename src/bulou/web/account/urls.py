"""Addresses of one's own account, and of the clock."""

from django.urls import path

from bulou.web.account import administration, clock, looks, paper_templates, security, signing_in, views

urlpatterns = [
    path("sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/code/", signing_in.code, name="sign-in-code"),
    path("sign-out/", signing_in.SignOut.as_view(), name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/comfort/", views.comfort, name="comfort"),
    path("account/security/", security.security, name="security"),
    path("account/password/", security.password, name="password"),
    path("account/confirm/", security.confirm, name="confirm"),
    path("account/app/", security.app, name="factor-app"),
    path("account/passkey/", security.passkey, name="factor-passkey"),
    path("account/codes/", security.recovery_codes, name="recovery-codes"),
    path("account/factors/<int:id>/drop/", security.drop_factor, name="drop-factor"),
    path("account/sessions/<uuid:ref>/end/", security.end_session, name="end-session"),
    path("account/sessions/end-others/", security.end_others, name="end-other-sessions"),
    path("accounts/", administration.accounts, name="accounts"),
    path("accounts/new/", administration.new, name="account-new"),
    path("accounts/<uuid:id>/", administration.one, name="account-one"),
    path("accounts/<uuid:id>/<slug:what>/", administration.act, name="account-act"),
    path("paper-templates/", paper_templates.papers, name="paper-templates"),
    path("paper-templates/look/", paper_templates.look, name="paper-look"),
    path("paper-templates/<slug:kind>/", paper_templates.one, name="paper-template"),
    path("paper-templates/<slug:kind>/choose/", paper_templates.choose, name="paper-choose"),
    path("paper-templates/<slug:kind>/<str:version>/<slug:form>/", paper_templates.file, name="paper-file"),
    path("looks/", looks.looks, name="looks"),
    path("language/", views.language, name="language"),
    path("clock/", clock.clock, name="clock"),
]
