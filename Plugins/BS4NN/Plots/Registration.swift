internal import Engine

func registerPlots(in registry: inout Registry) throws(RegistrationProblem) {
}
