namespace Movento.ControlPlane.Recommendations.Evaluation;

/// <summary>What was given as a data set is none.</summary>
public sealed class DatasetException(string message) : Exception(message);
