using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Movento.ControlPlane.Billing;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Catalogue.Search;
using Movento.ControlPlane.Catalogue.Series;
using Movento.ControlPlane.Health;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity;
using Movento.ControlPlane.Identity.Accounts;
using Movento.ControlPlane.Identity.Administration;
using Movento.ControlPlane.Identity.ApiKeys;
using Movento.ControlPlane.Identity.Passwords;
using Movento.ControlPlane.Identity.Profiles;
using Movento.ControlPlane.Identity.SecondFactor;
using Movento.ControlPlane.Identity.Sessions;
using Movento.ControlPlane.Playback;
using Movento.ControlPlane.Quality;
using Movento.ControlPlane.Recommendations.Experiments;
using Movento.ControlPlane.Recommendations.Home;
using Movento.ControlPlane.Viewing;

namespace Movento.ControlPlane;

/// <summary>The JSON of every slice, written at build time. A body that names a member twice is refused.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(Register.Request), TypeInfoPropertyName = "RegisterRequest")]
[JsonSerializable(typeof(Register.Response), TypeInfoPropertyName = "RegisterResponse")]
[JsonSerializable(typeof(Login.Request), TypeInfoPropertyName = "LoginRequest")]
[JsonSerializable(typeof(Exchange.Request), TypeInfoPropertyName = "ExchangeRequest")]
[JsonSerializable(typeof(ConfirmEmail.Request), TypeInfoPropertyName = "ConfirmEmailRequest")]
[JsonSerializable(typeof(AskedMail.Request), TypeInfoPropertyName = "AskedMailRequest")]
[JsonSerializable(typeof(ResetPassword.Request), TypeInfoPropertyName = "ResetPasswordRequest")]
[JsonSerializable(typeof(ChangePassword.Request), TypeInfoPropertyName = "ChangePasswordRequest")]
[JsonSerializable(typeof(ChangeEmail.Request), TypeInfoPropertyName = "ChangeEmailRequest")]
[JsonSerializable(typeof(Reauthenticate.Request), TypeInfoPropertyName = "ReauthenticateRequest")]
[JsonSerializable(typeof(ListSessions.Response), TypeInfoPropertyName = "ListSessionsResponse")]
[JsonSerializable(typeof(LoginSecondFactor.Request), TypeInfoPropertyName = "LoginSecondFactorRequest")]
[JsonSerializable(typeof(EnrolAtSignIn.Request), TypeInfoPropertyName = "EnrolAtSignInRequest")]
[JsonSerializable(typeof(AuthenticatorApi.Status), TypeInfoPropertyName = "AuthenticatorStatus")]
[JsonSerializable(typeof(AuthenticatorApi.Enrolment), TypeInfoPropertyName = "AuthenticatorEnrolment")]
[JsonSerializable(typeof(AuthenticatorApi.Confirmation), TypeInfoPropertyName = "AuthenticatorConfirmation")]
[JsonSerializable(typeof(AuthenticatorApi.Codes), TypeInfoPropertyName = "AuthenticatorCodes")]
[JsonSerializable(typeof(SignedIn.SecondFactorAwaited))]
[JsonSerializable(typeof(Profile))]
[JsonSerializable(typeof(ProfileApi.Request), TypeInfoPropertyName = "ProfileApiRequest")]
[JsonSerializable(typeof(ProfileApi.Response), TypeInfoPropertyName = "ProfileApiResponse")]
[JsonSerializable(typeof(SelectProfile.Request), TypeInfoPropertyName = "SelectProfileRequest")]
[JsonSerializable(typeof(ApiKeyApi.Request), TypeInfoPropertyName = "ApiKeyApiRequest")]
[JsonSerializable(typeof(ApiKeyApi.Response), TypeInfoPropertyName = "ApiKeyApiResponse")]
[JsonSerializable(typeof(ApiKeyApi.Item), TypeInfoPropertyName = "ApiKeyApiItem")]
[JsonSerializable(typeof(ApiKeyApi.Created), TypeInfoPropertyName = "ApiKeyApiCreated")]
[JsonSerializable(typeof(AccountAdministration.Response), TypeInfoPropertyName = "AccountAdministrationResponse")]
[JsonSerializable(typeof(AccountAdministration.Item), TypeInfoPropertyName = "AccountAdministrationItem")]
[JsonSerializable(typeof(AccountAdministration.RolesRequest), TypeInfoPropertyName = "AccountAdministrationRolesRequest")]
[JsonSerializable(typeof(GetUser.Response), TypeInfoPropertyName = "GetUserResponse")]
[JsonSerializable(typeof(ListAudit.Response), TypeInfoPropertyName = "ListAuditResponse")]
[JsonSerializable(typeof(ListAudit.Item), TypeInfoPropertyName = "ListAuditItem")]
[JsonSerializable(typeof(ListSessions.Item), TypeInfoPropertyName = "ListSessionsItem")]
[JsonSerializable(typeof(ExportAccount.Response), TypeInfoPropertyName = "ExportAccountResponse")]
[JsonSerializable(typeof(ExportAccount.Session), TypeInfoPropertyName = "ExportAccountSession")]
[JsonSerializable(typeof(IReadOnlyList<ApiKeyApi.Item>), TypeInfoPropertyName = "ApiKeyApiItems")]
[JsonSerializable(typeof(IReadOnlyList<AccountAdministration.Item>), TypeInfoPropertyName = "AccountAdministrationItems")]
[JsonSerializable(typeof(IReadOnlyList<ListAudit.Item>), TypeInfoPropertyName = "ListAuditItems")]
[JsonSerializable(typeof(IReadOnlyList<ListSessions.Item>), TypeInfoPropertyName = "ListSessionsItems")]
[JsonSerializable(typeof(IReadOnlyList<ExportAccount.Session>), TypeInfoPropertyName = "ExportAccountSessions")]
[JsonSerializable(typeof(SignedIn.Response), TypeInfoPropertyName = "SignedInResponse")]
[JsonSerializable(typeof(JsonWebKeys.Response), TypeInfoPropertyName = "JsonWebKeysResponse")]
[JsonSerializable(typeof(ListMovies.Response), TypeInfoPropertyName = "ListMoviesResponse")]
[JsonSerializable(typeof(ListMovieDetails.Response), TypeInfoPropertyName = "ListMovieDetailsResponse")]
[JsonSerializable(typeof(ListSeries.Response), TypeInfoPropertyName = "ListSeriesResponse")]
[JsonSerializable(typeof(ListEpisodes.Response), TypeInfoPropertyName = "ListEpisodesResponse")]
[JsonSerializable(typeof(ListSeriesDetails.Response), TypeInfoPropertyName = "ListSeriesDetailsResponse")]
[JsonSerializable(typeof(SearchTitles.Response), TypeInfoPropertyName = "SearchTitlesResponse")]
[JsonSerializable(typeof(RecordHeartbeats.Request), TypeInfoPropertyName = "RecordHeartbeatsRequest")]
[JsonSerializable(typeof(ListHistory.Response), TypeInfoPropertyName = "ListHistoryResponse")]
[JsonSerializable(typeof(ExportHistory.Response), TypeInfoPropertyName = "ExportHistoryResponse")]
[JsonSerializable(typeof(ViewedFilm))]
[JsonSerializable(typeof(MovieDetails))]
[JsonSerializable(typeof(SeriesDetails))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string?>), TypeInfoPropertyName = "IReadOnlyDictionaryStringString")]
[JsonSerializable(typeof(IReadOnlyList<Person>), TypeInfoPropertyName = "IReadOnlyListPerson")]
[JsonSerializable(typeof(IReadOnlyList<Artwork>), TypeInfoPropertyName = "IReadOnlyListArtwork")]
[JsonSerializable(typeof(IReadOnlyList<AvailabilityWindow>), TypeInfoPropertyName = "IReadOnlyListAvailabilityWindow")]
[JsonSerializable(typeof(IReadOnlyList<SeasonDetails>), TypeInfoPropertyName = "IReadOnlyListSeasonDetails")]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(DescribedMovie))]
[JsonSerializable(typeof(DescribedSeries))]
[JsonSerializable(typeof(GrantPlayback.Response), TypeInfoPropertyName = "GrantPlaybackResponse")]
[JsonSerializable(typeof(RevokePlayback.Request), TypeInfoPropertyName = "RevokePlaybackRequest")]
[JsonSerializable(typeof(ListFilmDays.Response), TypeInfoPropertyName = "ListFilmDaysResponse")]
[JsonSerializable(typeof(Heartbeat.Request), TypeInfoPropertyName = "HeartbeatRequest")]
[JsonSerializable(typeof(ListDevices.Response), TypeInfoPropertyName = "ListDevicesResponse")]
[JsonSerializable(typeof(ListPlans.Response), TypeInfoPropertyName = "ListPlansResponse")]
[JsonSerializable(typeof(OpenCheckout.Request), TypeInfoPropertyName = "OpenCheckoutRequest")]
[JsonSerializable(typeof(OpenCheckout.Response), TypeInfoPropertyName = "OpenCheckoutResponse")]
[JsonSerializable(typeof(OpenPortal.Response), TypeInfoPropertyName = "OpenPortalResponse")]
[JsonSerializable(typeof(GetAccount.Response), TypeInfoPropertyName = "GetAccountResponse")]
[JsonSerializable(typeof(ChangeSubscription.Request), TypeInfoPropertyName = "ChangeSubscriptionRequest")]
[JsonSerializable(typeof(ChangeSubscription.PreviewRequest), TypeInfoPropertyName = "PreviewChangeRequest")]
[JsonSerializable(typeof(ChangeSubscription.PreviewResponse), TypeInfoPropertyName = "PreviewChangeResponse")]
[JsonSerializable(typeof(ListInvoices.Response), TypeInfoPropertyName = "ListInvoicesResponse")]
[JsonSerializable(typeof(ListRentals.Response), TypeInfoPropertyName = "ListRentalsResponse")]
[JsonSerializable(typeof(FilmTerms.Request), TypeInfoPropertyName = "FilmTermsRequest")]
[JsonSerializable(typeof(FilmTerms.Response), TypeInfoPropertyName = "FilmTermsResponse")]
[JsonSerializable(typeof(GetHome.Response), TypeInfoPropertyName = "GetHomeResponse")]
[JsonSerializable(typeof(GetSimilar.Response), TypeInfoPropertyName = "GetSimilarResponse")]
[JsonSerializable(typeof(GetExperiment.Response), TypeInfoPropertyName = "GetExperimentResponse")]
[JsonSerializable(typeof(HealthApi.Response), TypeInfoPropertyName = "HealthApiResponse")]
[JsonSerializable(typeof(Movie))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ControlPlaneJson : JsonSerializerContext;
