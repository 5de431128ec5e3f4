namespace FisherFlow.Differentiation;

/// <summary>A function of several numbers, written once over any scalar.</summary>
public interface IScalarFunction
{
    /// <summary><c>f(x)</c>.</summary>
    /// <param name="x">The point <c>[d]</c>.</param>
    T At<T>(ReadOnlySpan<T> x) where T : struct, IScalar<T>;
}
