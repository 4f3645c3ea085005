namespace Movento.ControlPlane.Recommendations.Fitting;

/// <summary>A system has no solution by Cholesky: its ridge is too small for what it holds.</summary>
public sealed class NotPositiveDefiniteException(string message, Exception? inner = null) : Exception(message, inner);
